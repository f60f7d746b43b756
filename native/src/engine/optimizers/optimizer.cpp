#include "engine/optimizers/optimizer.h"

#include <map>

#include "engine/optimizers/registered_optimizer.h"
#include "engine/runtime/failure.h"

namespace torchwright {

using torch::Tensor;

namespace {

/// Made by whoever asks first: constants of other files, in an order that nobody knows.
std::map<std::string, RegisteredOptimizer::Make>& registered_optimizers() {
  static std::map<std::string, RegisteredOptimizer::Make> registered;
  return registered;
}

}  // namespace

RegisteredOptimizer::RegisteredOptimizer(std::initializer_list<std::string> types, Make make) {
  for (const std::string& type : types) registered_optimizers().emplace(type, make);
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings, ParameterStore& store) {
  const auto found = registered_optimizers().find(settings.type);
  if (found == registered_optimizers().end())
    throw EngineFailure("badProject", "The engine knows no optimizer called '" + settings.type + "'.",
                        "recipe.optimizer.type");
  return found->second(settings, store);
}

Tensor find_parameter(const ParameterStore& store, const std::string& name) {
  for (const Parameter& parameter : store.parameters) {
    if (parameter.name == name) return parameter.tensor;
  }
  throw EngineFailure("badProject", "There is no parameter called " + name + ".", "recipe.optimizer.groups");
}

Tensor take_state(const std::map<std::string, Tensor>& tensors, const std::string& name) {
  const auto found = tensors.find(name);
  if (found == tensors.end())
    throw EngineFailure("badData", "The checkpoint holds no optimizer state called " + name + ".");
  return found->second;
}

void forget_gradients(const Optimizer& optimizer) {
  for (const torch::Tensor& parameter : optimizer.parameters()) parameter.mutable_grad().reset();
}

void clip_gradients(const Clip& clip, const std::vector<Tensor>& parameters) {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> gradients;
  for (const Tensor& parameter : parameters) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  if (gradients.empty()) return;
  if (clip.kind == "value") {
    at::_foreach_clamp_min_(gradients, -clip.at);
    at::_foreach_clamp_max_(gradients, clip.at);
    return;
  }
  // torch.nn.utils.clip_grad_norm_, with its 1e-6.
  const Tensor norm = torch::stack(at::_foreach_norm(gradients)).norm();
  at::_foreach_mul_(gradients, (clip.at / (norm + 1e-6)).clamp_max(1));
}

}  // namespace torchwright
