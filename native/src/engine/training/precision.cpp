#include "engine/training/precision.h"

#include <ATen/autocast_mode.h>

#include "engine/runtime/failure.h"

namespace torchwright {

using torch::Tensor;

torch::ScalarType find_precision(const std::string& name, const torch::Device& device) {
  if (name == "float32") return torch::kFloat32;
  if (name == "bfloat16") return torch::kBFloat16;
  if (name != "float16")
    throw EngineFailure("badProject", "The engine knows no precision called '" + name + "'.", "recipe.precision");
  if (device.is_cpu())
    throw EngineFailure("badProject",
                        "recipe.precision is float16, which needs a GPU: the CPU computes in float32 or bfloat16.",
                        "recipe.precision");
  return torch::kFloat16;
}

MixedPrecision::MixedPrecision(torch::DeviceType device, torch::ScalarType precision)
    : device_(device), precision_(precision) {
  if (precision_ == torch::kFloat32) return;
  at::autocast::set_autocast_enabled(device_, true);
  at::autocast::set_autocast_dtype(device_, precision_);
  at::autocast::increment_nesting();
}

MixedPrecision::~MixedPrecision() {
  if (precision_ == torch::kFloat32) return;
  // What was converted belongs to the weights of this step.
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, false);
}

LossScaler::LossScaler(torch::ScalarType precision, std::optional<double> fixed, const torch::Device& device)
    : is_fixed_(fixed.has_value()) {
  if (precision != torch::kFloat16) return;
  scale_ = torch::full({}, fixed.value_or(65536.0), torch::TensorOptions(torch::kFloat32).device(device));
  growth_tracker_ = torch::zeros({}, torch::TensorOptions(torch::kInt32).device(device));
}

bool LossScaler::unscale(const std::vector<Tensor>& parameters) {
  if (!scale_.defined()) return true;
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> gradients;
  for (const Tensor& parameter : parameters) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  Tensor not_finite = torch::zeros({}, scale_.options());
  at::_amp_foreach_non_finite_check_and_unscale_(gradients, not_finite, scale_.reciprocal());
  if (!is_fixed_) at::_amp_update_scale_(scale_, growth_tracker_, not_finite, 2.0, 0.5, 2000);
  return not_finite.item<float>() == 0;
}

NamedTensors LossScaler::state() const {
  if (!scale_.defined()) return {};
  return {{"scale", scale_}, {"growth_tracker", growth_tracker_}};
}

void LossScaler::load_state(const std::map<std::string, Tensor>& tensors) {
  if (!scale_.defined()) return;
  // A checkpoint of another precision has none: the scale begins anew.
  if (const auto saved = tensors.find("scale"); saved != tensors.end()) scale_.copy_(saved->second);
  if (const auto saved = tensors.find("growth_tracker"); saved != tensors.end()) growth_tracker_.copy_(saved->second);
}

}  // namespace torchwright
