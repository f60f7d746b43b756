#include "engine/optimizers/first_order.h"
#include "engine/optimizers/registered_optimizer.h"

namespace torchwright {
namespace {

using torch::Tensor;

class Adam : public FirstOrder {
 public:
  Adam(const OptimizerSettings& settings, const ParameterStore& store)
      : FirstOrder(settings, store),
        decays_weights_(settings.type == "AdamW"),
        beta1_(settings.options.at("betas").at(0)),
        beta2_(settings.options.at("betas").at(1)),
        eps_(settings.options.at("eps")),
        amsgrad_(settings.options.at("amsgrad")) {}

 private:
  std::vector<std::string> state_names(const Group&) const override {
    return amsgrad_ ? std::vector<std::string>{"exp_avg", "exp_avg_sq", "max_exp_avg_sq"}
                    : std::vector<std::string>{"exp_avg", "exp_avg_sq"};
  }

  void step_group(Group& group, double learning_rate, bool) override {
    // The fused kernels read the step count from one float a parameter.
    const Tensor count =
        torch::full({}, static_cast<double>(steps_), group.parameters[0].options().requires_grad(false));
    const std::vector<Tensor> counts(group.parameters.size(), count);
    const at::TensorList largest = amsgrad_ ? at::TensorList(group.state(2)) : at::TensorList();
    if (decays_weights_) {
      at::_fused_adamw_(group.parameters, group.gradients, group.state(0), group.state(1), largest, counts,
                        learning_rate, beta1_, beta2_, group.weight_decay, eps_, amsgrad_, /*maximize=*/false);
    } else {
      at::_fused_adam_(group.parameters, group.gradients, group.state(0), group.state(1), largest, counts,
                       learning_rate, beta1_, beta2_, group.weight_decay, eps_, amsgrad_, /*maximize=*/false);
    }
  }

  const bool decays_weights_;  // AdamW's decay: of the weights themselves, not of their gradients
  const double beta1_;
  const double beta2_;
  const double eps_;
  const bool amsgrad_;
};

const RegisteredOptimizer kAdam = registered_as<Adam>({"Adam", "AdamW"});

}  // namespace
}  // namespace torchwright
