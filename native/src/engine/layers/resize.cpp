#include "engine/layers/function_layer.h"
#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;
namespace F = torch::nn::functional;

F::InterpolateFuncOptions::mode_t mode_of(const std::string& name) {
  if (name == "nearest-exact") return torch::kNearestExact;
  if (name == "linear") return torch::kLinear;
  if (name == "bilinear") return torch::kBilinear;
  if (name == "bicubic") return torch::kBicubic;
  if (name == "trilinear") return torch::kTrilinear;
  if (name == "area") return torch::kArea;
  TORCH_CHECK(name == "nearest", "cannot fill in by '", name, "'");
  return torch::kNearest;
}

/// One number stands for all dimensions beside batch and channels.
template <typename Number>
std::optional<std::vector<Number>> one_for_each(const std::optional<std::vector<Number>>& list, std::int64_t count) {
  if (!list) return list;
  if (list->size() != 1) {
    TORCH_CHECK(static_cast<std::int64_t>(list->size()) == count, "has ", list->size(), " numbers for ", count,
                " dimensions");
    return list;
  }
  return std::vector<Number>(static_cast<std::size_t>(count), list->front());
}

template <typename Number>
std::optional<std::vector<Number>> list_or_none(const Json& value) {
  return value.is_null() ? std::nullopt : std::make_optional(value.get<std::vector<Number>>());
}

/// Upsample and Interpolate.
ModulePointer build_resize(ParameterBuilder& builder) {
  const Json& options = builder.node().options;
  const auto size = list_or_none<std::int64_t>(options.at("size"));
  const auto factor = list_or_none<double>(options.at("scale_factor"));
  const std::string mode = options.at("mode");
  const bool has_corners = mode != "area" && mode.rfind("nearest", 0) != 0;
  const bool align_corners = options.at("align_corners");
  TORCH_CHECK(!size || !options.at("recompute_scale_factor"), "a size has no factor to compute anew");
  TORCH_CHECK(!align_corners || has_corners, "align_corners does not go with ", mode);
  // Unless told otherwise the factor itself places the pixels, not the quotient of the rounded sizes: Python's default.
  auto settings = F::InterpolateFuncOptions()
                      .mode(mode_of(mode))
                      .recompute_scale_factor(options.at("recompute_scale_factor").get<bool>())
                      .antialias(options.value("antialias", false));
  if (has_corners) settings.align_corners(align_corners);
  return from_function([=](const Tensor& x) {
    TORCH_CHECK(x.dim() >= 3, "expects at least 3 dimensions with the batch, gets ", x.dim());
    F::InterpolateFuncOptions sized = settings;
    sized.size(one_for_each(size, x.dim() - 2)).scale_factor(one_for_each(factor, x.dim() - 2));
    const Tensor y = F::interpolate(x, sized);
    TORCH_CHECK(y.numel() > 0, "leaves nothing of ", x.sizes());
    return y;
  });
}

}  // namespace

LayerBuilders resize_builders() { return {{"Upsample", build_resize}, {"Interpolate", build_resize}}; }

}  // namespace torchwright
