#include "engine/optimizers/first_order.h"
#include "engine/optimizers/registered_optimizer.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// Duchi et al. 2011, as torch.optim.Adagrad: the gradient over the root of the sum of all its squares so far.
class Adagrad : public FirstOrder {
 public:
  Adagrad(const OptimizerSettings& settings, const ParameterStore& store)
      : FirstOrder(settings, store),
        rate_decay_(settings.options.at("lr_decay")),
        first_sum_(settings.options.at("initial_accumulator_value")),
        eps_(settings.options.at("eps")) {}

 private:
  std::vector<std::string> state_names(const Group&) const override { return {"sum"}; }
  double state_start() const override { return first_sum_; }

  void step_group(Group& group, double learning_rate, bool) override {
    const double rate = learning_rate / (1 + static_cast<double>(steps_ - 1) * rate_decay_);
    std::vector<Tensor> gradients = group.gradients;
    if (group.weight_decay != 0) gradients = at::_foreach_add(gradients, group.parameters, group.weight_decay);
    at::_foreach_addcmul_(group.state(0), gradients, gradients, 1);
    std::vector<Tensor> roots = at::_foreach_sqrt(group.state(0));
    at::_foreach_add_(roots, eps_);
    at::_foreach_addcdiv_(group.parameters, gradients, roots, -rate);
  }

  const double rate_decay_;
  const double first_sum_;
  const double eps_;
};

const RegisteredOptimizer kAdagrad = registered_as<Adagrad>({"Adagrad"});

}  // namespace
}  // namespace torchwright
