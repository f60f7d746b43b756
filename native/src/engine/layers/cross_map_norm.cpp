#include <algorithm>

#include "engine/layers/function_layer.h"
#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// Sums of channels: row c has ones at the channels that go into c's sum.
Tensor summed(const Tensor& which, const Tensor& x) {
  return torch::einsum("ij,njhw->nihw", {which.to(x.options().requires_grad(false)), x});
}

/// Which squares torch.nn.CrossMapLRN2d adds up: half a window to each side, and the first channel in every sum, for
/// its running sum never takes that one out (torch/nn/modules/_functions.py).
Tensor summed_squares(std::int64_t channels, std::int64_t size) {
  const std::int64_t half = (size - 1) / 2 + 1;
  const Tensor own = torch::arange(channels).unsqueeze(1);
  const Tensor other = torch::arange(channels).unsqueeze(0);
  return other.lt(own + half).logical_and(other.gt(own - half).logical_or(own.le(half)).logical_or(other.eq(0)));
}

/// Through which sums its backward pass goes: a plain window.
Tensor summed_ratios(std::int64_t channels, std::int64_t size) {
  const std::int64_t before = std::min(size - 1, size - size / 2);
  const Tensor distance = torch::arange(channels).unsqueeze(0) - torch::arange(channels).unsqueeze(1);
  return distance.ge(-before).logical_and(distance.le(size - 1 - before));
}

/// x · (k + alpha / size · sum of squares)^-beta, with the gradient that PyTorch takes.
class CrossMapNorm : public torch::autograd::Function<CrossMapNorm> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, std::int64_t size, double alpha,
                        double beta, double k) {
    const Tensor scale = summed(summed_squares(x.size(1), size), x.square()) * (alpha / static_cast<double>(size)) + k;
    const Tensor y = scale.pow(-beta) * x;
    context->save_for_backward({x, y, scale});
    context->saved_data["size"] = size;
    context->saved_data["alpha"] = alpha;
    context->saved_data["beta"] = beta;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor& gradient = gradients[0];
    const std::int64_t size = context->saved_data["size"].toInt();
    const double beta = context->saved_data["beta"].toDouble();
    const double factor = 2 * context->saved_data["alpha"].toDouble() * beta / static_cast<double>(size);
    const Tensor ratios = summed(summed_ratios(gradient.size(1), size), gradient * saved[1] / saved[2]);
    return {saved[2].pow(-beta) * gradient - factor * saved[0] * ratios, Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

ModulePointer build_cross_map_norm(ParameterBuilder& builder) {
  const Json& options = builder.node().options;
  const std::int64_t size = options.at("size");
  const double alpha = options.at("alpha");
  const double beta = options.at("beta");
  const double k = options.at("k");
  return from_function([=](const Tensor& x) {
    TORCH_CHECK(x.dim() == 4, "expects 4 dimensions with the batch, gets ", x.dim());
    return CrossMapNorm::apply(x, size, alpha, beta, k);
  });
}

}  // namespace

LayerBuilders cross_map_norm_builders() { return {{"CrossMapLRN2d", build_cross_map_norm}}; }

}  // namespace torchwright
