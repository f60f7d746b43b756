#include <algorithm>
#include <cmath>

#include "engine/optimizers/first_order.h"
#include "engine/optimizers/registered_optimizer.h"

namespace torchwright {
namespace {

using torch::Tensor;

constexpr double kAdamWEps = 1e-8;

/// Jordan 2024, as torch.optim.Muon: momentum whose matrix is made nearly orthogonal by a few Newton–Schulz steps.
/// Weights of more than two dimensions are taken as matrices of their first by all others, as Jordan does with
/// convolutions. The others are stepped by AdamW or SGD: biases, scales of norms, embeddings.
class Muon : public FirstOrder {
 public:
  Muon(const OptimizerSettings& settings, const ParameterStore& store)
      : FirstOrder(settings, store),
        momentum_(settings.options.at("momentum")),
        nesterov_(settings.options.at("nesterov")),
        coefficients_(settings.options.at("ns_coefficients").get<std::vector<double>>()),
        iterations_(settings.options.at("ns_steps")),
        eps_(settings.options.at("eps")),
        matches_adamw_(settings.options.at("adjust_lr_fn") == "match_rms_adamw"),
        normalises_weights_(settings.options.at("normalise_weights")),
        beta1_(settings.options.at("betas").at(0)),
        beta2_(settings.options.at("betas").at(1)),
        others_by_sgd_(settings.options.at("others") == "SGD"),
        others_momentum_(settings.options.at("others_momentum")),
        others_nesterov_(settings.options.at("others_nesterov")) {}

 private:
  std::vector<std::string> state_names(const Group& group) const override {
    if (group.method == "Muon") return {"momentum"};
    if (!others_by_sgd_) return {"exp_avg", "exp_avg_sq"};
    return others_momentum_ == 0 ? std::vector<std::string>{} : std::vector<std::string>{"momentum"};
  }

  void step_group(Group& group, double learning_rate, bool first) override {
    if (group.method != "Muon") {
      if (others_by_sgd_)
        step_by_sgd(group, learning_rate, first);
      else
        step_by_adamw(group, learning_rate);
      return;
    }
    for (std::size_t index = 0; index < group.parameters.size(); ++index) {
      Tensor& parameter = group.parameters[index];
      const Tensor& gradient = group.gradients[index];
      Tensor& average = group.state(0)[index];
      average.lerp_(gradient, 1 - momentum_);
      const Tensor direction = nesterov_ ? gradient.lerp(average, momentum_) : average;
      const Tensor matrix = direction.reshape({direction.size(0), -1});
      const Tensor update = orthogonalised(matrix).reshape(parameter.sizes());
      // Jordan's speed runs on CIFAR-10: rates then mean the same to every matrix. One of zeros stays.
      if (normalises_weights_)
        parameter.mul_(std::sqrt(static_cast<double>(parameter.size(0))) / parameter.norm().clamp_min(eps_));
      parameter.mul_(1 - learning_rate * group.weight_decay);
      parameter.add_(update, -learning_rate * rate_factor(matrix));
    }
  }

  void step_by_adamw(Group& group, double learning_rate) const {
    const Tensor count =
        torch::full({}, static_cast<double>(steps_), group.parameters[0].options().requires_grad(false));
    at::_fused_adamw_(group.parameters, group.gradients, group.state(0), group.state(1), {},
                      std::vector<Tensor>(group.parameters.size(), count), learning_rate, beta1_, beta2_,
                      group.weight_decay, kAdamWEps, /*amsgrad=*/false, /*maximize=*/false);
  }

  void step_by_sgd(Group& group, double learning_rate, bool first) const {
    const at::TensorList momentum = group.states.empty() ? at::TensorList() : at::TensorList(group.state(0));
    at::_fused_sgd_(group.parameters, group.gradients, momentum, group.weight_decay, others_momentum_, learning_rate,
                    /*dampening=*/0, others_nesterov_, /*maximize=*/false, /*is_first_step=*/first);
  }

  /// Singular values come to lie around 1. In bfloat16, as PyTorch computes it.
  Tensor orthogonalised(const Tensor& matrix) const {
    const bool is_tall = matrix.size(0) > matrix.size(1);
    Tensor result = matrix.to(torch::kBFloat16, /*non_blocking=*/false, /*copy=*/true);
    if (is_tall) result = result.t();
    result.div_(result.norm().clamp_min(eps_));
    for (std::int64_t iteration = 0; iteration < iterations_; ++iteration) {
      const Tensor gram = result.mm(result.t());
      const Tensor polynomial = torch::addmm(gram, gram, gram, coefficients_[1], coefficients_[2]);
      result = torch::addmm(result, polynomial, result, coefficients_[0]);
    }
    return is_tall ? result.t() : result;
  }

  /// Jordan's own factor, or that of Liu et al. 2025 (arXiv 2502.16982), with which AdamW's rates serve.
  double rate_factor(const Tensor& matrix) const {
    const auto rows = static_cast<double>(matrix.size(0));
    const auto columns = static_cast<double>(matrix.size(1));
    return matches_adamw_ ? 0.2 * std::sqrt(std::max(rows, columns)) : std::sqrt(std::max(1.0, rows / columns));
  }

  const double momentum_;
  const bool nesterov_;
  const std::vector<double> coefficients_;
  const std::int64_t iterations_;
  const double eps_;
  const bool matches_adamw_;
  const bool normalises_weights_;
  const double beta1_;
  const double beta2_;
  const bool others_by_sgd_;
  const double others_momentum_;
  const bool others_nesterov_;
};

const RegisteredOptimizer kMuon = registered_as<Muon>({"Muon"});

}  // namespace
}  // namespace torchwright
