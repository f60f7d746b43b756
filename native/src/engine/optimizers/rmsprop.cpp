#include "engine/optimizers/first_order.h"
#include "engine/optimizers/registered_optimizer.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// Tieleman and Hinton 2012, as torch.optim.RMSprop: the gradient over the root of the running mean of its squares;
/// `centered` (Graves 2013) takes the square of the gradient's own running mean off it.
class RmsProp : public FirstOrder {
 public:
  RmsProp(const OptimizerSettings& settings, const ParameterStore& store)
      : FirstOrder(settings, store),
        alpha_(settings.options.at("alpha")),
        eps_(settings.options.at("eps")),
        momentum_(settings.options.at("momentum")),
        centered_(settings.options.at("centered")) {}

 private:
  std::vector<std::string> state_names(const Group&) const override {
    std::vector<std::string> names{"square_avg"};
    if (centered_) names.emplace_back("grad_avg");
    if (momentum_ > 0) names.emplace_back("momentum");
    return names;
  }

  void step_group(Group& group, double learning_rate, bool) override {
    std::vector<Tensor> gradients = group.gradients;
    if (group.weight_decay != 0) gradients = at::_foreach_add(gradients, group.parameters, group.weight_decay);
    std::vector<Tensor>& squares = group.state(0);
    at::_foreach_mul_(squares, alpha_);
    at::_foreach_addcmul_(squares, gradients, gradients, 1 - alpha_);
    std::vector<Tensor> roots;
    if (centered_) {
      std::vector<Tensor>& averages = group.state(1);
      at::_foreach_lerp_(averages, gradients, 1 - alpha_);
      roots = at::_foreach_addcmul(squares, averages, averages, -1);
      at::_foreach_sqrt_(roots);
    } else {
      roots = at::_foreach_sqrt(squares);
    }
    at::_foreach_add_(roots, eps_);
    if (momentum_ > 0) {
      std::vector<Tensor>& momentum = group.states.back().second;
      at::_foreach_mul_(momentum, momentum_);
      at::_foreach_addcdiv_(momentum, gradients, roots, 1);
      at::_foreach_add_(group.parameters, momentum, -learning_rate);
    } else {
      at::_foreach_addcdiv_(group.parameters, gradients, roots, -learning_rate);
    }
  }

  const double alpha_;
  const double eps_;
  const double momentum_;
  const bool centered_;
};

const RegisteredOptimizer kRmsProp = registered_as<RmsProp>({"RMSprop"});

}  // namespace
}  // namespace torchwright
