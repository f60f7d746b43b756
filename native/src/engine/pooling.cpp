#include "pooling.h"

#include <vector>

#include "function_layer.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

/// A window that begins in the padding and, by its dilation, steps over the whole image: libtorch makes -infinity of
/// it, and its backward pass then writes outside of its memory.
void refuse_windows_beside_image(const Tensor& x, const Tensor& y, const Sizes& stride, const Sizes& padding,
                                 const Sizes& dilation) {
  for (int side = 0; side < 2; ++side) {
    const std::int64_t size = x.size(side - 2);
    for (std::int64_t window = 0; window < y.size(side - 2); ++window) {
      const std::int64_t start = window * stride[side] - padding[side];
      if (start >= 0) break;
      const std::int64_t steps = (-start + dilation[side] - 1) / dilation[side];
      TORCH_CHECK(start + steps * dilation[side] < size, "a window touches no pixel: the dilation of ", dilation[side],
                  " steps over all ", size);
    }
  }
}

}  // namespace

ModulePointer build_pool(ParameterBuilder& builder) {
  const std::string& layer = builder.node().layer;
  const Json& options = builder.node().options;
  if (layer == "AdaptiveAvgPool2d" || layer == "AdaptiveMaxPool2d") {
    const auto size = options.at("output_size").get<Sizes>();
    if (layer == "AdaptiveAvgPool2d")
      return from_function([=](const Tensor& x) { return torch::adaptive_avg_pool2d(x, size); });
    return from_function([=](const Tensor& x) { return std::get<0>(torch::adaptive_max_pool2d(x, size)); });
  }
  const auto kernel = options.at("kernel_size").get<Sizes>();
  const auto stride = options.at("stride").is_null() ? kernel : options.at("stride").get<Sizes>();
  const auto padding = options.at("padding").get<Sizes>();
  const bool ceil = options.at("ceil_mode");
  if (layer == "MaxPool2d") {
    const auto dilation = options.at("dilation").get<Sizes>();
    return from_function([=](const Tensor& x) {
      const Tensor y = torch::max_pool2d(x, kernel, stride, padding, dilation, ceil);
      refuse_windows_beside_image(x, y, stride, padding, dilation);
      return y;
    });
  }
  const bool count_padding = options.at("count_include_pad");
  return from_function(
      [=](const Tensor& x) { return torch::avg_pool2d(x, kernel, stride, padding, ceil, count_padding); });
}

}  // namespace torchwright
