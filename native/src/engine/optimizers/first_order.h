#pragma once

#include "engine/optimizers/optimizer.h"

namespace torchwright {

/// An optimizer whose step looks at each parameter by itself: its gradient, and tensors of its own shape that are kept
/// from step to step. These are made at the first step, as PyTorch does.
class FirstOrder : public Optimizer {
 public:
  void choose_trained(const LearningRates& rates) override;
  void step(const LearningRates& rates, const Objective& objective) override;
  NamedTensors state() const override;
  void load_state(const std::map<std::string, torch::Tensor>& tensors) override;

 protected:
  struct Group {
    std::size_t place;  // in the plan
    std::vector<std::string> names;
    std::vector<torch::Tensor> parameters;
    std::vector<torch::Tensor> gradients;  // of this step
    double learning_rate_factor;
    double weight_decay;
    std::string method;  // Muon only: Muon, AdamW or SGD
    /// Per kind of state one tensor a parameter: `momentum`, `exp_avg` …; empty before the first step.
    std::vector<std::pair<std::string, std::vector<torch::Tensor>>> states;

    std::vector<torch::Tensor>& state(std::size_t index) { return states[index].second; }
  };

  FirstOrder(const OptimizerSettings& settings, const ParameterStore& store);

  /// Kinds of state of a group.
  virtual std::vector<std::string> state_names(const Group& group) const = 0;

  /// What every element of a state begins with.
  virtual double state_start() const { return 0; }

  /// `first`: the state has just been made.
  virtual void step_group(Group& group, double learning_rate, bool first) = 0;

  std::int64_t steps_ = 0;

 private:
  void make_state(Group& group) const;
  static std::optional<double> rate_of(const Group& group, const LearningRates& rates);

  std::vector<Group> groups_;
};

}  // namespace torchwright
