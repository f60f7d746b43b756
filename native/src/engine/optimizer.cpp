#include "optimizer.h"

#include <cmath>

#include "failure.h"

namespace torchwright {

using torch::Tensor;

namespace {

class Sgd : public Optimizer {
 public:
  Sgd(const OptimizerSettings& settings, ParameterStore& store)
      : Optimizer(settings, store,
                  settings.momentum != 0 ? std::vector<std::string>{"momentum"} : std::vector<std::string>{}) {}

 private:
  void step_group(Group& group, double learning_rate, bool first) override {
    const at::TensorList momentum = group.states.empty() ? at::TensorList() : at::TensorList(group.states[0].second);
    at::_fused_sgd_(group.parameters, group.gradients, momentum, group.weight_decay, settings_.momentum, learning_rate,
                    settings_.dampening, settings_.nesterov, /*maximize=*/false, /*is_first_step=*/first);
  }
};

class Adam : public Optimizer {
 public:
  Adam(const OptimizerSettings& settings, ParameterStore& store)
      : Optimizer(settings, store,
                  settings.amsgrad ? std::vector<std::string>{"exp_avg", "exp_avg_sq", "max_exp_avg_sq"}
                                   : std::vector<std::string>{"exp_avg", "exp_avg_sq"}) {}

 private:
  void step_group(Group& group, double learning_rate, bool) override {
    // The fused kernels read the step count from one float a parameter.
    const Tensor count =
        torch::full({}, static_cast<double>(steps_), group.parameters[0].options().requires_grad(false));
    const std::vector<Tensor> counts(group.parameters.size(), count);
    const at::TensorList largest = settings_.amsgrad ? at::TensorList(group.states[2].second) : at::TensorList();
    const auto fused = settings_.type == "AdamW" ? fused_adamw : fused_adam;
    fused(group.parameters, group.gradients, group.states[0].second, group.states[1].second, largest, counts,
          learning_rate, settings_.beta1, settings_.beta2, group.weight_decay, settings_.eps, settings_.amsgrad);
  }

  static void fused_adam(at::TensorList parameters, at::TensorList gradients, at::TensorList averages,
                         at::TensorList squares, at::TensorList largest, at::TensorList counts, double rate,
                         double beta1, double beta2, double decay, double eps, bool amsgrad) {
    at::_fused_adam_(parameters, gradients, averages, squares, largest, counts, rate, beta1, beta2, decay, eps, amsgrad,
                     false);
  }
  static void fused_adamw(at::TensorList parameters, at::TensorList gradients, at::TensorList averages,
                          at::TensorList squares, at::TensorList largest, at::TensorList counts, double rate,
                          double beta1, double beta2, double decay, double eps, bool amsgrad) {
    at::_fused_adamw_(parameters, gradients, averages, squares, largest, counts, rate, beta1, beta2, decay, eps,
                      amsgrad, false);
  }
};

/// You et al. 2019, algorithm 2, with Adam's bias correction: the update r = m̂ / (√v̂ + eps) + decay · w is scaled
/// by the trust ratio ‖w‖ / ‖r‖ of its own tensor (1 where either is zero; at most 1 with `trust_clip`).
class Lamb : public Optimizer {
 public:
  Lamb(const OptimizerSettings& settings, ParameterStore& store)
      : Optimizer(settings, store, {"exp_avg", "exp_avg_sq"}) {}

 private:
  void step_group(Group& group, double learning_rate, bool) override {
    const double correction1 = 1 - std::pow(settings_.beta1, static_cast<double>(steps_));
    const double correction2 = 1 - std::pow(settings_.beta2, static_cast<double>(steps_));
    std::vector<Tensor>& averages = group.states[0].second;
    std::vector<Tensor>& squares = group.states[1].second;

    at::_foreach_mul_(averages, settings_.beta1);
    at::_foreach_add_(averages, group.gradients, 1 - settings_.beta1);
    at::_foreach_mul_(squares, settings_.beta2);
    at::_foreach_addcmul_(squares, group.gradients, group.gradients, 1 - settings_.beta2);

    std::vector<Tensor> denominators = at::_foreach_sqrt(squares);
    at::_foreach_div_(denominators, std::sqrt(correction2));
    at::_foreach_add_(denominators, settings_.eps);
    std::vector<Tensor> updates = at::_foreach_div(averages, correction1);
    at::_foreach_div_(updates, denominators);
    if (group.weight_decay != 0) at::_foreach_add_(updates, group.parameters, group.weight_decay);

    const std::vector<Tensor> weight_norms = at::_foreach_norm(group.parameters);
    const std::vector<Tensor> update_norms = at::_foreach_norm(updates);
    for (std::size_t index = 0; index < updates.size(); ++index) {
      const Tensor& weight_norm = weight_norms[index];
      const Tensor& update_norm = update_norms[index];
      Tensor ratio = torch::where((weight_norm > 0).logical_and(update_norm > 0), weight_norm / update_norm,
                                  torch::ones_like(weight_norm));
      if (settings_.trust_clip) ratio.clamp_max_(1);
      updates[index].mul_(ratio);
    }
    at::_foreach_add_(group.parameters, updates, -learning_rate);
  }
};

}  // namespace

Optimizer::Optimizer(const OptimizerSettings& settings, ParameterStore& store, std::vector<std::string> state_names)
    : settings_(settings), state_names_(std::move(state_names)) {
  std::map<std::string, Tensor> by_name;
  for (const Parameter& parameter : store.parameters) by_name[parameter.name] = parameter.tensor;
  for (const ParameterGroup& settings_group : settings.groups) {
    Group group;
    group.learning_rate_factor = settings_group.learning_rate_factor;
    group.weight_decay = settings_group.weight_decay;
    for (const std::string& name : settings_group.parameters) {
      const auto found = by_name.find(name);
      if (found == by_name.end())
        throw EngineFailure("badProject", "There is no parameter called " + name + ".", "recipe.optimizer.groups");
      group.names.push_back(name);
      group.parameters.push_back(found->second);
      all_parameters_.push_back(found->second);
    }
    if (!group.parameters.empty()) groups_.push_back(std::move(group));
  }
}

void Optimizer::make_state(Group& group) const {
  for (const std::string& name : state_names_) {
    std::vector<Tensor> tensors;
    for (const Tensor& parameter : group.parameters) tensors.push_back(torch::zeros_like(parameter));
    group.states.emplace_back(name, std::move(tensors));
  }
}

void Optimizer::step(double learning_rate) {
  const torch::NoGradGuard no_grad;
  const bool first = steps_ == 0;
  ++steps_;
  for (Group& group : groups_) {
    if (first) make_state(group);
    group.gradients.clear();
    for (const Tensor& parameter : group.parameters) {
      // Every trainable parameter takes part in every step, so a missing gradient is a zero one.
      const Tensor& gradient = parameter.grad();
      group.gradients.push_back(gradient.defined() ? gradient : torch::zeros_like(parameter));
    }
    step_group(group, learning_rate * group.learning_rate_factor, first);
  }
}

NamedTensors Optimizer::state() const {
  NamedTensors tensors;
  tensors.emplace_back("steps", torch::tensor(steps_, torch::kInt64));
  for (const Group& group : groups_) {
    for (const auto& [kind, values] : group.states) {
      for (std::size_t index = 0; index < values.size(); ++index)
        tensors.emplace_back(kind + "." + group.names[index], values[index]);
    }
  }
  return tensors;
}

void Optimizer::load_state(const std::map<std::string, Tensor>& tensors) {
  const torch::NoGradGuard no_grad;
  const auto take = [&tensors](const std::string& name) {
    const auto found = tensors.find(name);
    if (found == tensors.end())
      throw EngineFailure("badData", "The checkpoint holds no optimizer state called " + name + ".");
    return found->second;
  };
  steps_ = take("steps").item<std::int64_t>();
  for (Group& group : groups_) {
    group.states.clear();
    if (steps_ == 0) continue;
    make_state(group);
    for (auto& [kind, values] : group.states) {
      for (std::size_t index = 0; index < values.size(); ++index) {
        const Tensor saved = take(kind + "." + group.names[index]);
        if (saved.sizes() != values[index].sizes())
          throw EngineFailure("badData", "The optimizer state " + kind + "." + group.names[index] +
                                             " has another shape than its parameter.");
        values[index].copy_(saved);
      }
    }
  }
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings, ParameterStore& store) {
  if (settings.type == "SGD") return std::make_unique<Sgd>(settings, store);
  if (settings.type == "Adam" || settings.type == "AdamW") return std::make_unique<Adam>(settings, store);
  if (settings.type == "LAMB") return std::make_unique<Lamb>(settings, store);
  throw EngineFailure("badProject", "The engine knows no optimizer called '" + settings.type + "'.",
                      "recipe.optimizer.type");
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
