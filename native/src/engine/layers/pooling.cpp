#include <cmath>
#include <vector>

#include "engine/kernels/max_pool.h"
#include "engine/layers/function_layer.h"
#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

/// A window that begins in the padding and, by its dilation, steps over the whole image: libtorch makes -infinity of
/// it, and its backward pass then writes outside of its memory.
void refuse_windows_beside_image(const Tensor& x, const Tensor& y, const Sizes& stride, const Sizes& padding,
                                 const Sizes& dilation) {
  const auto sides = static_cast<std::int64_t>(stride.size());
  for (std::int64_t side = 0; side < sides; ++side) {
    const std::int64_t size = x.size(side - sides);
    for (std::int64_t window = 0; window < y.size(side - sides); ++window) {
      const std::int64_t start = window * stride[side] - padding[side];
      if (start >= 0) break;
      const std::int64_t steps = (-start + dilation[side] - 1) / dilation[side];
      TORCH_CHECK(start + steps * dilation[side] < size, "a window touches no pixel: the dilation of ", dilation[side],
                  " steps over all ", size);
    }
  }
}

LayerBuilder max_pool(std::size_t dimensions) {
  return [=](ParameterBuilder& builder) {
    const Json& options = builder.node().options;
    const auto kernel = options.at("kernel_size").get<Sizes>();
    const auto stride = options.at("stride").is_null() ? kernel : options.at("stride").get<Sizes>();
    const auto padding = options.at("padding").get<Sizes>();
    const auto dilation = options.at("dilation").get<Sizes>();
    const bool ceil = options.at("ceil_mode");
    const Sizes ones(dimensions, 1), zeros(dimensions, 0);
    const bool has_blocks = dimensions == 2 && stride == kernel && padding == zeros && dilation == ones && !ceil;
    return from_function([=](const Tensor& x) {
      if (has_blocks && suits_max_pool_of_blocks(x, kernel)) return max_pool_of_blocks(x, kernel);
      const Tensor y = dimensions == 1   ? torch::max_pool1d(x, kernel, stride, padding, dilation, ceil)
                       : dimensions == 2 ? torch::max_pool2d(x, kernel, stride, padding, dilation, ceil)
                                         : torch::max_pool3d(x, kernel, stride, padding, dilation, ceil);
      refuse_windows_beside_image(x, y, stride, padding, dilation);
      return y;
    });
  };
}

LayerBuilder average_pool(std::size_t dimensions) {
  return [=](ParameterBuilder& builder) {
    const Json& options = builder.node().options;
    const auto kernel = options.at("kernel_size").get<Sizes>();
    const auto stride = options.at("stride").is_null() ? kernel : options.at("stride").get<Sizes>();
    const auto padding = options.at("padding").get<Sizes>();
    const bool ceil = options.at("ceil_mode");
    const bool count_padding = options.at("count_include_pad");
    std::optional<std::int64_t> divisor;
    if (const auto given = options.find("divisor_override"); given != options.end() && !given->is_null())
      divisor = given->get<std::int64_t>();
    return from_function([=](const Tensor& x) {
      if (dimensions == 1) return torch::avg_pool1d(x, kernel, stride, padding, ceil, count_padding);
      if (dimensions == 2) return torch::avg_pool2d(x, kernel, stride, padding, ceil, count_padding, divisor);
      return torch::avg_pool3d(x, kernel, stride, padding, ceil, count_padding, divisor);
    });
  };
}

/// (sum of xᵖ over the window)^(1/p), in the steps of torch.nn.functional.lp_pool2d.
LayerBuilder power_pool(std::size_t dimensions) {
  return [=](ParameterBuilder& builder) {
    const Json& options = builder.node().options;
    const double power = options.at("norm_type");
    TORCH_CHECK(power != 0, "norm_type cannot be 0");
    const auto kernel = options.at("kernel_size").get<Sizes>();
    const auto stride = options.at("stride").is_null() ? kernel : options.at("stride").get<Sizes>();
    const bool ceil = options.at("ceil_mode");
    double elements = 1;
    for (const std::int64_t size : kernel) elements *= static_cast<double>(size);
    return from_function([=](const Tensor& x) {
      const Tensor powers = x.pow(power);
      const Tensor means = dimensions == 1 ? torch::avg_pool1d(powers, kernel, stride, 0, ceil)
                                           : torch::avg_pool2d(powers, kernel, stride, 0, ceil);
      return (torch::sign(means) * torch::relu(torch::abs(means))).mul(elements).pow(1 / power);
    });
  };
}

LayerBuilder adaptive_pool(Tensor (*function)(const Tensor&, const Sizes&)) {
  return [=](ParameterBuilder& builder) {
    const auto size = builder.node().options.at("output_size").get<Sizes>();
    return from_function([=](const Tensor& x) { return function(x, size); });
  };
}

}  // namespace

LayerBuilders pooling_builders() {
  return {
      {"MaxPool1d", max_pool(1)},
      {"MaxPool2d", max_pool(2)},
      {"MaxPool3d", max_pool(3)},
      {"AvgPool1d", average_pool(1)},
      {"AvgPool2d", average_pool(2)},
      {"AvgPool3d", average_pool(3)},
      {"LPPool1d", power_pool(1)},
      {"LPPool2d", power_pool(2)},
      {"AdaptiveAvgPool1d",
       adaptive_pool([](const Tensor& x, const Sizes& size) { return torch::adaptive_avg_pool1d(x, size); })},
      {"AdaptiveAvgPool2d",
       adaptive_pool([](const Tensor& x, const Sizes& size) { return torch::adaptive_avg_pool2d(x, size); })},
      {"AdaptiveAvgPool3d",
       adaptive_pool([](const Tensor& x, const Sizes& size) { return torch::adaptive_avg_pool3d(x, size); })},
      {"AdaptiveMaxPool1d", adaptive_pool([](const Tensor& x, const Sizes& size) {
         return std::get<0>(torch::adaptive_max_pool1d(x, size));
       })},
      {"AdaptiveMaxPool2d", adaptive_pool([](const Tensor& x, const Sizes& size) {
         return std::get<0>(torch::adaptive_max_pool2d(x, size));
       })},
      {"AdaptiveMaxPool3d", adaptive_pool([](const Tensor& x, const Sizes& size) {
         return std::get<0>(torch::adaptive_max_pool3d(x, size));
       })},
  };
}

}  // namespace torchwright
