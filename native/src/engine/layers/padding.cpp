#include "engine/layers/function_layer.h"
#include "engine/layers/layer_builders.h"

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

/// torch.nn.functional.pad, which never touches the batch here.
ModulePointer build_pad(ParameterBuilder& builder) {
  const Json& options = builder.node().options;
  const auto sides = options.at("pad").get<Sizes>();
  const std::string mode = options.at("mode");
  const bool is_constant = mode == "constant";
  const auto value = is_constant ? std::make_optional(options.at("value").get<double>()) : std::nullopt;
  TORCH_CHECK(sides.size() % 2 == 0, "pad needs two numbers a dimension, gets ", sides.size());
  for (const std::int64_t each : sides)
    TORCH_CHECK(is_constant || each >= 0, "only constant can take elements away, not ", mode);
  return from_function([=](const Tensor& x) {
    TORCH_CHECK(static_cast<std::int64_t>(sides.size() / 2) < x.dim(), "would pad the batch");
    const Tensor y = torch::pad(x, sides, mode, value);
    TORCH_CHECK(y.numel() > 0, "leaves nothing of ", x.sizes());
    return y;
  });
}

}  // namespace

LayerBuilders padding_builders() {
  return {
      {"Pad", build_pad},
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
