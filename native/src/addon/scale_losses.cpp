#include "scale_losses.h"

#include "engine/training/precision.h"
#include "promised_work.h"
#include "values.h"

namespace torchwright {
namespace {

struct ScaledSteps {
  std::vector<double> scales;
  std::vector<double> finite;
  torch::Tensor gradients;
};

/// Each gradient is that of a loss of its own: gradient · parameter.
ScaledSteps take_steps(const torch::Tensor& wanted, std::optional<double> fixed) {
  LossScaler scaler(torch::kFloat16, fixed, torch::kCPU);
  ScaledSteps steps;
  steps.gradients = torch::empty_like(wanted);
  for (std::int64_t index = 0; index < wanted.size(0); ++index) {
    const torch::Tensor parameter = torch::ones({}, torch::requires_grad());
    scaler.scale(parameter * wanted[index]).backward();
    steps.finite.push_back(scaler.unscale({parameter}) ? 1 : 0);
    steps.gradients[index].copy_(parameter.grad());
    steps.scales.push_back(scaler.state().at(0).second.item<double>());
  }
  return steps;
}

}  // namespace

Napi::Value scale_losses(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (info.Length() < 1 || !info[0].IsTypedArray())
    throw Napi::TypeError::New(env, "scaleLosses needs gradients, and a scale if it is fixed");
  auto given = info[0].As<Napi::Float32Array>();
  const torch::Tensor wanted =
      torch::from_blob(given.Data(), {static_cast<std::int64_t>(given.ElementLength())}, torch::kFloat32).clone();
  std::optional<double> fixed;
  if (info.Length() > 1 && info[1].IsNumber()) fixed = info[1].As<Napi::Number>().DoubleValue();
  const ScaledSteps steps = with_errors(env, [&] { return take_steps(wanted, fixed); });
  return object_of(env, "scales", steps.scales, "isFinite", steps.finite, "gradients", steps.gradients);
}

}  // namespace torchwright
