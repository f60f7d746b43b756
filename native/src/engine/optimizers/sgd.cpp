#include "engine/optimizers/first_order.h"
#include "engine/optimizers/registered_optimizer.h"

namespace torchwright {
namespace {

class Sgd : public FirstOrder {
 public:
  Sgd(const OptimizerSettings& settings, const ParameterStore& store)
      : FirstOrder(settings, store),
        momentum_(settings.options.at("momentum")),
        dampening_(settings.options.at("dampening")),
        nesterov_(settings.options.at("nesterov")) {}

 private:
  std::vector<std::string> state_names(const Group&) const override {
    return momentum_ != 0 ? std::vector<std::string>{"momentum"} : std::vector<std::string>{};
  }

  void step_group(Group& group, double learning_rate, bool first) override {
    const at::TensorList momentum = group.states.empty() ? at::TensorList() : at::TensorList(group.state(0));
    at::_fused_sgd_(group.parameters, group.gradients, momentum, group.weight_decay, momentum_, learning_rate,
                    dampening_, nesterov_, /*maximize=*/false, /*is_first_step=*/first);
  }

  const double momentum_;
  const double dampening_;
  const bool nesterov_;
};

const RegisteredOptimizer kSgd = registered_as<Sgd>({"SGD"});

}  // namespace
}  // namespace torchwright
