#pragma once

#include <memory>

#include "module.h"
#include "plan.h"
#include "safetensors.h"

namespace torchwright {

/// Updates parameters from their gradients. State is made at the first step, as PyTorch does.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// One step with the given learning rate, times each group's factor. Parameters without a gradient are left alone.
  void step(double learning_rate);

  /// State by name (`momentum.<parameter>` …), for checkpoints.
  NamedTensors state() const;
  /// Takes back what `state` gave; throws EngineFailure `badData` if something is missing or has another shape.
  void load_state(const std::map<std::string, torch::Tensor>& tensors);

  const std::vector<torch::Tensor>& parameters() const { return all_parameters_; }

 protected:
  struct Group {
    std::vector<std::string> names;
    std::vector<torch::Tensor> parameters;
    std::vector<torch::Tensor> gradients;  // of this step
    double learning_rate_factor;
    double weight_decay;
    /// Per kind of state one tensor a parameter: `momentum`, `exp_avg` …; empty before the first step.
    std::vector<std::pair<std::string, std::vector<torch::Tensor>>> states;
  };

  Optimizer(const OptimizerSettings& settings, ParameterStore& store, std::vector<std::string> state_names);

  /// `first`: the state has just been made and is zero.
  virtual void step_group(Group& group, double learning_rate, bool first) = 0;

  const OptimizerSettings settings_;
  std::int64_t steps_ = 0;

 private:
  void make_state(Group& group) const;

  std::vector<Group> groups_;
  std::vector<std::string> state_names_;
  std::vector<torch::Tensor> all_parameters_;
};

/// Throws EngineFailure `badProject` for an unknown type or parameter.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings, ParameterStore& store);

/// Scales gradients to a norm, or cuts every element, in place and without reading anything back from the device.
void clip_gradients(const Clip& clip, const std::vector<torch::Tensor>& parameters);

}  // namespace torchwright
