#include "function_layer.h"
#include "layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

/// Before and after of the last dimension, then of the one before it: torch.nn.functional.pad's order. One number
/// stands for all.
Sizes sides_of(const ParameterBuilder& builder, std::size_t dimensions) {
  const auto written = builder.node().options.at("padding").get<Sizes>();
  if (written.size() == 1) return Sizes(2 * dimensions, written[0]);
  TORCH_CHECK(written.size() == 2 * dimensions, "needs one size or ", 2 * dimensions, ", gets ", written.size());
  return written;
}

LayerBuilder constant_pad(std::size_t dimensions) {
  return [=](ParameterBuilder& builder) {
    const Sizes sides = sides_of(builder, dimensions);
    const double value = builder.node().options.value("value", 0.0);
    return from_function([=](const Tensor& x) { return torch::constant_pad_nd(x, sides, value); });
  };
}

LayerBuilder pad_by(std::size_t dimensions, Tensor (*function)(const Tensor&, at::IntArrayRef)) {
  return [=](ParameterBuilder& builder) {
    const Sizes sides = sides_of(builder, dimensions);
    return from_function([=](const Tensor& x) { return function(x, sides); });
  };
}

}  // namespace

LayerBuilders padding_builders() {
  return {
      {"ZeroPad2d", constant_pad(2)},
      {"ConstantPad1d", constant_pad(1)},
      {"ConstantPad2d", constant_pad(2)},
      {"ConstantPad3d", constant_pad(3)},
      {"ReflectionPad1d", pad_by(1, torch::reflection_pad1d)},
      {"ReflectionPad2d", pad_by(2, torch::reflection_pad2d)},
      {"ReplicationPad1d", pad_by(1, torch::replication_pad1d)},
      {"ReplicationPad2d", pad_by(2, torch::replication_pad2d)},
      {"ReplicationPad3d", pad_by(3, torch::replication_pad3d)},
  };
}

}  // namespace torchwright
