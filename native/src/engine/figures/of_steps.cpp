// Figures of single steps. core/figures/of-steps.ts declares them under the same names; those of it that are not here
// are known to the training loop in TypeScript.

#include <cmath>

#include "engine/figures/figure.h"
#include "engine/kernels/vectorised.h"

namespace torchwright {
namespace {

using torch::Tensor;

constexpr std::int64_t kLanes = 16;

/// Each lane sums every sixteenth element: the order is fixed, and the lanes go into vector registers.
TORCHWRIGHT_VECTORISED
double sum_of_squares(const float* values, std::int64_t count) {
  double lanes[kLanes] = {};
  const std::int64_t whole = count / kLanes * kLanes;
  for (std::int64_t first = 0; first < whole; first += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const double value = values[first + lane];
      lanes[lane] += value * value;
    }
  }
  double sum = 0;
  for (std::int64_t index = whole; index < count; ++index)
    sum += static_cast<double>(values[index]) * static_cast<double>(values[index]);
  for (const double lane : lanes) sum += lane;
  return sum;
}

/// L2 norm of all gradients taken together; parameters without one count as zero. On the CPU summed in float64 and
/// there at once; elsewhere one float32 on the device, without waiting for it.
Tensor gradient_norm(const std::vector<Tensor>& parameters, const torch::Device& device) {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> gradients;
  for (const Tensor& parameter : parameters) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  if (device.is_cpu()) {
    double sum = 0;
    for (const Tensor& gradient : gradients) {
      // The order of elements does not matter, so any layout without holes will do.
      const Tensor dense = gradient.is_non_overlapping_and_dense() ? gradient : gradient.contiguous();
      sum += sum_of_squares(dense.const_data_ptr<float>(), dense.numel());
    }
    return torch::scalar_tensor(std::sqrt(sum), torch::kFloat64);
  }
  if (gradients.empty()) return torch::zeros({}, torch::TensorOptions(torch::kFloat32).device(device));
  return torch::stack(at::_foreach_norm(gradients)).norm();
}

}  // namespace

const std::vector<StepFigure>& step_figures() {
  static const std::vector<StepFigure> all = {{"gradientNorm", gradient_norm}};
  return all;
}

}  // namespace torchwright
