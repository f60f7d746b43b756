#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "engine/formats/safetensors.h"
#include "engine/layers/module.h"
#include "engine/plan/plan.h"

namespace torchwright {

/// What a step makes smaller. When it begins the parameters hold the gradients of `loss`.
struct Objective {
  double loss;  // only for an optimizer that evaluates again
  /// Loss and gradients once more, of the same batches with the weights as they are then.
  std::function<double()> evaluate;
};

/// Learning rates of one step.
struct LearningRates {
  double rate = 0;  // each group multiplies it by its factor
  /// Of groups that have a rate of their own, by their place in the plan; without a number the group is not trained.
  std::map<std::size_t, std::optional<double>> of_groups = {};
};

/// Updates parameters from their gradients, in place and on their device. As everything of a training, it belongs to
/// one thread.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// Before the gradients of a step are computed: groups that it does not train get none.
  virtual void choose_trained(const LearningRates&) {}

  virtual void step(const LearningRates& rates, const Objective& objective) = 0;

  /// Whether a step asks for the objective's loss and evaluates it again: the batches must then be kept.
  virtual bool evaluates_again() const { return false; }

  /// State by name (`momentum.<parameter>` …), for checkpoints.
  virtual NamedTensors state() const = 0;
  /// Takes back what `state` gave; throws EngineFailure `badData` if something is missing or has another shape.
  virtual void load_state(const std::map<std::string, torch::Tensor>& tensors) = 0;

  const std::vector<torch::Tensor>& parameters() const { return all_parameters_; }

 protected:
  std::vector<torch::Tensor> all_parameters_;
};

/// Throws EngineFailure `badProject` for an unknown type or parameter.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings, ParameterStore& store);

/// The parameter of this name; throws EngineFailure `badProject` if there is none.
torch::Tensor find_parameter(const ParameterStore& store, const std::string& name);

/// One tensor of an optimizer's saved state; throws EngineFailure `badData` if it is missing.
torch::Tensor take_state(const std::map<std::string, torch::Tensor>& tensors, const std::string& name);

/// Without a gradient the backward pass hands over its own tensor instead of adding to an old one.
void forget_gradients(const Optimizer& optimizer);

/// Scales all gradients together to a norm (torch.nn.utils.clip_grad_norm_), or cuts every element
/// (clip_grad_value_), in place and without reading anything back from the device.
void clip_gradients(const Clip& clip, const std::vector<torch::Tensor>& parameters);

}  // namespace torchwright
