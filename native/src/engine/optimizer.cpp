#include "optimizer.h"

#include "failure.h"
#include "optimizer_builders.h"

namespace torchwright {

using torch::Tensor;

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings, ParameterStore& store) {
  if (settings.type == "SGD") return make_sgd(settings, store);
  if (settings.type == "Adam" || settings.type == "AdamW") return make_adam(settings, store);
  if (settings.type == "LAMB") return make_lamb(settings, store);
  if (settings.type == "Adagrad") return make_adagrad(settings, store);
  if (settings.type == "RMSprop") return make_rmsprop(settings, store);
  if (settings.type == "Muon") return make_muon(settings, store);
  if (settings.type == "LBFGS") return make_lbfgs(settings, store);
  throw EngineFailure("badProject", "The engine knows no optimizer called '" + settings.type + "'.",
                      "recipe.optimizer.type");
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
