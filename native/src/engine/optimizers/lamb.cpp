#include <cmath>

#include "engine/optimizers/first_order.h"
#include "engine/optimizers/registered_optimizer.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// You et al. 2019, algorithm 2, with Adam's bias correction: the update r = m̂ / (√v̂ + eps) + decay · w is scaled
/// by the trust ratio ‖w‖ / ‖r‖ of its own tensor (1 where either is zero; at most 1 with `trust_clip`).
class Lamb : public FirstOrder {
 public:
  Lamb(const OptimizerSettings& settings, const ParameterStore& store)
      : FirstOrder(settings, store),
        beta1_(settings.options.at("betas").at(0)),
        beta2_(settings.options.at("betas").at(1)),
        eps_(settings.options.at("eps")),
        trust_clip_(settings.options.at("trust_clip")) {}

 private:
  std::vector<std::string> state_names(const Group&) const override { return {"exp_avg", "exp_avg_sq"}; }

  void step_group(Group& group, double learning_rate, bool) override {
    const double correction1 = 1 - std::pow(beta1_, static_cast<double>(steps_));
    const double correction2 = 1 - std::pow(beta2_, static_cast<double>(steps_));
    std::vector<Tensor>& averages = group.state(0);
    std::vector<Tensor>& squares = group.state(1);

    at::_foreach_mul_(averages, beta1_);
    at::_foreach_add_(averages, group.gradients, 1 - beta1_);
    at::_foreach_mul_(squares, beta2_);
    at::_foreach_addcmul_(squares, group.gradients, group.gradients, 1 - beta2_);

    std::vector<Tensor> denominators = at::_foreach_sqrt(squares);
    at::_foreach_div_(denominators, std::sqrt(correction2));
    at::_foreach_add_(denominators, eps_);
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
      if (trust_clip_) ratio.clamp_max_(1);
      updates[index].mul_(ratio);
    }
    at::_foreach_add_(group.parameters, updates, -learning_rate);
  }

  const double beta1_;
  const double beta2_;
  const double eps_;
  const bool trust_clip_;
};

const RegisteredOptimizer kLamb = registered_as<Lamb>({"LAMB"});

}  // namespace
}  // namespace torchwright
