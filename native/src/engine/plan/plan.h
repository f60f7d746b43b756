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
  Json options;            // every one that the method has
};

struct PlanNode {
  std::string type;  // Sequential, Residual, Fork, Join, Repeat, Recurrent, Transform, NBeats or Layer
  std::string path;  // in the project, for messages
  std::string key;   // prefix of parameter names

  std::vector<PlanNode> children;      // Sequential, NBeats, branches of Fork and Join; training and evaluation
  std::unique_ptr<PlanNode> before;    // Recurrent
  std::unique_ptr<PlanNode> body;      // Residual, Repeat, Recurrent
  std::unique_ptr<PlanNode> shortcut;  // Residual
  std::unique_ptr<PlanNode> after;     // Residual, Recurrent
  std::string join;                    // Fork, Join
  std::int64_t join_dim = 1;           // Fork, Join
  std::int64_t count = 1;              // Repeat
  std::vector<std::string> hands_on;   // Recurrent: sequence, last, hidden
  bool carry = false;                  // Recurrent
  std::string layer;                   // Layer: catalogue name
  Json options;                        // Layer
  std::vector<InitialiserRule> initialise;
  bool frozen = false;
};

struct SplitFiles {
  std::string format;  // idx, cifar10 or arrays
  std::string images;  // idx
  std::string labels;
  std::vector<std::string> files;  // cifar10
  std::string inputs;              // arrays
  std::string targets;
};

/// What moves pixels is done while images are gathered; `changes` are made to images that are gathered and normalised.
struct Augmentation {
  bool flipped_copies = false;
  std::int64_t crop_padding = 0;
  std::string crop_mode = "zeros";
  double flip_probability = 0;
  bool flip_alternates = false;   // drawn once of the seed, then all images together every other epoch
  Json changes = Json::object();  // by name, each with every option that it has

  bool flips() const { return flip_probability > 0 || flip_alternates; }
  bool moves_pixels() const { return flipped_copies || crop_padding > 0 || flips(); }
};

struct PlanData {
  SplitFiles train;
  SplitFiles test;
  std::int64_t classes = 0;  // 0: regression
  std::int64_t targets = 0;  // numbers to predict of each sample, where there are no classes
  bool compute_normalisation = false;
  std::vector<double> scale;
  std::vector<double> offset;
  Augmentation augment;
  bool shuffle = true;
};

struct LossSettings {
  std::string type;
  Json options;  // every one that the type has; of class weights and the like only those that are given
};

struct ParameterGroup {
  std::vector<std::string> parameters;
  double learning_rate_factor = 1;
  double weight_decay = 0;
  std::string method;  // Muon only: Muon, AdamW or SGD
};

struct OptimizerSettings {
  std::string type;
  Json options;  // every one that the type has, by PyTorch's names
  std::vector<ParameterGroup> groups;
};

struct Clip {
  std::string kind;  // norm or value
  double at = 0;
};

struct AveragingSettings {
  std::string kind;   // swa, ema or lookahead
  double decay = 0;   // ema
  std::string norms;  // recomputed or averaged
};

/// Adversarial training; see PlanAdversarial in core/training/plan.ts.
struct AdversarialSettings {
  PlanNode discriminator;
  std::vector<std::int64_t> noise;  // shape of one sample
  bool conditional = false;
  double least_target = 1;  // of real images
  double most_target = 1;
  OptimizerSettings optimizer;  // the discriminator's
  std::optional<std::int64_t> iterations;
};

struct Plan {
  PlanNode network;
  std::vector<std::int64_t> input_shape;
  PlanData data;
  LossSettings loss;
  OptimizerSettings optimizer;
  std::int64_t batch_size = 1;
  std::int64_t evaluate_batch_size = 1;
  std::string evaluate_views = "plain";  // or mirrored, mirroredAndShifted
  std::int64_t accumulate = 1;
  bool drop_last = false;  // the batch of an epoch that is not full
  std::optional<Clip> clip;
  std::optional<AveragingSettings> averaging;
  std::string precision = "float32";                       // or bfloat16, float16
  std::optional<bool> channels_last;                       // absent: where there is a two-dimensional convolution
  std::optional<double> loss_scale;                        // of float16; absent: found while training
  std::shared_ptr<const AdversarialSettings> adversarial;  // null: supervised
  std::string device = "cpu";
  int threads = 0;
  std::uint64_t seed = 0;
};

/// Reads a plan. Throws EngineFailure `badProject` when the text is not a plan of this version.
Plan parse_plan(const std::string& text);

/// Reads one node (a layer alone, for probing).
PlanNode parse_plan_node(const Json& json);

/// Reads what a plan's data have under `augment`.
Augmentation parse_augmentation(const Json& json);

}  // namespace torchwright
