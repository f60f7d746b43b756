#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace torchwright {

using Json = nlohmann::json;

/// The plan of core/training/plan.ts, as read from JSON. The engine adds no rules of its own to it.

struct InitialiserRule {
  std::string parameters;  // weight, bias or norm
  std::string method;      // kaiming_normal, …
  std::string nonlinearity;
  std::string mode = "fan_in";
  double mean = 0;
  double std = 1;
  double value = 0;
};

struct PlanNode {
  std::string type;  // Sequential, Residual, Fork, Repeat or Layer
  std::string path;  // in the project, for messages
  std::string key;   // prefix of parameter names

  std::vector<PlanNode> children;      // Sequential, Fork's branches
  std::unique_ptr<PlanNode> body;      // Residual, Repeat
  std::unique_ptr<PlanNode> shortcut;  // Residual
  std::unique_ptr<PlanNode> after;     // Residual
  std::string join;                    // Fork
  std::int64_t join_dim = 1;           // Fork
  std::int64_t count = 1;              // Repeat
  std::string layer;                   // Layer: catalogue name
  Json options;                        // Layer
  std::vector<InitialiserRule> initialise;
  bool frozen = false;
};

struct SplitFiles {
  std::string format;  // idx or cifar10
  std::string images;
  std::string labels;
  std::vector<std::string> files;
};

struct Augmentation {
  bool flipped_copies = false;
  std::int64_t crop_padding = 0;
  std::string crop_mode = "zeros";
  double flip_probability = 0;
  std::int64_t cutout_size = 0;

  bool draws() const { return crop_padding > 0 || flip_probability > 0 || cutout_size > 0; }
};

struct PlanData {
  SplitFiles train;
  SplitFiles test;
  std::int64_t classes = 0;
  bool compute_normalisation = false;
  std::vector<double> scale;
  std::vector<double> offset;
  Augmentation augment;
  bool shuffle = true;
};

struct LossSettings {
  std::string type;
  double label_smoothing = 0;
  std::vector<double> class_weights;
};

struct ParameterGroup {
  std::vector<std::string> parameters;
  double learning_rate_factor = 1;
  double weight_decay = 0;
};

struct OptimizerSettings {
  std::string type;
  double momentum = 0;
  double dampening = 0;
  bool nesterov = false;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  bool amsgrad = false;
  bool trust_clip = false;
  std::vector<ParameterGroup> groups;
};

struct Clip {
  std::string kind;  // norm or value
  double at = 0;
};

struct Plan {
  PlanNode network;
  std::vector<std::int64_t> input_shape;
  PlanData data;
  LossSettings loss;
  OptimizerSettings optimizer;
  std::int64_t batch_size = 1;
  std::int64_t evaluate_batch_size = 1;
  std::int64_t accumulate = 1;
  std::optional<Clip> clip;
  std::string device = "cpu";
  int threads = 0;
  std::uint64_t seed = 0;
};

/// Reads a plan. Throws EngineFailure `badProject` when the text is not a plan of this version.
Plan parse_plan(const std::string& text);

/// Reads one node (a layer alone, for probing).
PlanNode parse_plan_node(const Json& json);

}  // namespace torchwright
