#include "engine/optimizers/first_order.h"

#include "engine/runtime/failure.h"

namespace torchwright {

using torch::Tensor;

FirstOrder::FirstOrder(const OptimizerSettings& settings, const ParameterStore& store) {
  for (std::size_t place = 0; place < settings.groups.size(); ++place) {
    const ParameterGroup& settings_group = settings.groups[place];
    Group group;
    group.place = place;
    group.learning_rate_factor = settings_group.learning_rate_factor;
    group.weight_decay = settings_group.weight_decay;
    group.method = settings_group.method;
    for (const std::string& name : settings_group.parameters) {
      group.names.push_back(name);
      group.parameters.push_back(find_parameter(store, name));
      all_parameters_.push_back(group.parameters.back());
    }
    if (!group.parameters.empty()) groups_.push_back(std::move(group));
  }
}

void FirstOrder::make_state(Group& group) const {
  for (const std::string& name : state_names(group)) {
    std::vector<Tensor> tensors;
    for (const Tensor& parameter : group.parameters) tensors.push_back(torch::full_like(parameter, state_start()));
    group.states.emplace_back(name, std::move(tensors));
  }
}

/// Nothing: the group is not trained.
std::optional<double> FirstOrder::rate_of(const Group& group, const LearningRates& rates) {
  const auto own = rates.of_groups.find(group.place);
  return own == rates.of_groups.end() ? rates.rate * group.learning_rate_factor : own->second;
}

void FirstOrder::choose_trained(const LearningRates& rates) {
  for (Group& group : groups_) {
    const bool is_trained = rate_of(group, rates).has_value();
    for (const Tensor& parameter : group.parameters) parameter.requires_grad_(is_trained);
  }
}

void FirstOrder::step(const LearningRates& rates, const Objective&) {
  const torch::NoGradGuard no_grad;
  const bool first = steps_ == 0;
  ++steps_;
  for (Group& group : groups_) {
    if (first) make_state(group);
    const std::optional<double> rate = rate_of(group, rates);
    if (!rate) continue;
    group.gradients.clear();
    for (const Tensor& parameter : group.parameters) {
      // Every trainable parameter takes part in every step, so a missing gradient is a zero one.
      const Tensor& gradient = parameter.grad();
      group.gradients.push_back(gradient.defined() ? gradient : torch::zeros_like(parameter));
    }
    step_group(group, *rate, first);
  }
}

NamedTensors FirstOrder::state() const {
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

void FirstOrder::load_state(const std::map<std::string, Tensor>& tensors) {
  const torch::NoGradGuard no_grad;
  steps_ = take_state(tensors, "steps").item<std::int64_t>();
  for (Group& group : groups_) {
    group.states.clear();
    if (steps_ == 0) continue;
    make_state(group);
    for (auto& [kind, values] : group.states) {
      for (std::size_t index = 0; index < values.size(); ++index) {
        const Tensor saved = take_state(tensors, kind + "." + group.names[index]);
        if (saved.sizes() != values[index].sizes())
          throw EngineFailure("badData", "The optimizer state " + kind + "." + group.names[index] +
                                             " does not have the shape of its parameter.");
        values[index].copy_(saved);
      }
    }
  }
}

}  // namespace torchwright
