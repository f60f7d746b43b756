#include "function_layer.h"
#include "layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;
namespace F = torch::nn::functional;

ModulePointer build_flatten(ParameterBuilder& builder) {
  const std::int64_t start = builder.node().options.at("start_dim");
  const std::int64_t end = builder.node().options.at("end_dim");
  return from_function([=](const Tensor& x) { return torch::flatten(x, start, end); });
}

ModulePointer build_unflatten(ParameterBuilder& builder) {
  const std::int64_t dim = builder.node().options.at("dim");
  const auto sizes = builder.node().options.at("unflattened_size").get<Sizes>();
  return from_function([=](const Tensor& x) { return x.unflatten(dim, sizes); });
}

/// The batch stays.
ModulePointer build_reshape(ParameterBuilder& builder) {
  const auto shape = builder.node().options.at("shape").get<Sizes>();
  return from_function([=](const Tensor& x) {
    Sizes sizes{x.size(0)};
    sizes.insert(sizes.end(), shape.begin(), shape.end());
    return x.reshape(sizes);
  });
}

ModulePointer build_permute(ParameterBuilder& builder) {
  const auto dims = builder.node().options.at("dims").get<Sizes>();
  return from_function([=](const Tensor& x) { return x.permute(dims); });
}

ModulePointer build_transpose(ParameterBuilder& builder) {
  const std::int64_t first = builder.node().options.at("dim0");
  const std::int64_t second = builder.node().options.at("dim1");
  return from_function([=](const Tensor& x) { return x.transpose(first, second); });
}

ModulePointer build_select(ParameterBuilder& builder) {
  const std::int64_t dim = builder.node().options.at("dim");
  const std::int64_t index = builder.node().options.at("index");
  return from_function([=](const Tensor& x) { return x.select(dim, index); });
}

LayerBuilder dimension_change(Tensor (*function)(const Tensor&, std::int64_t)) {
  return [=](ParameterBuilder& builder) {
    const std::int64_t dim = builder.node().options.at("dim");
    return from_function([=](const Tensor& x) { return function(x, dim); });
  };
}

LayerBuilder shuffle_by(const char* option, Tensor (*function)(const Tensor&, std::int64_t)) {
  return [=](ParameterBuilder& builder) {
    const std::int64_t factor = builder.node().options.at(option);
    return from_function([=](const Tensor& x) { return function(x, factor); });
  };
}

ModulePointer build_upsample(ParameterBuilder& builder) {
  const Json& options = builder.node().options;
  const double scale = options.at("scale_factor");
  const std::string mode = options.at("mode");
  const bool align_corners = options.at("align_corners");
  TORCH_CHECK(!align_corners || mode != "nearest", "align_corners goes with the other modes, not with nearest");
  // The factor itself places the pixels, not the quotient of the rounded sizes: Python's default.
  auto settings = F::InterpolateFuncOptions().recompute_scale_factor(false);
  if (mode == "nearest") {
    settings.mode(torch::kNearest);
  } else {
    if (mode == "linear") settings.mode(torch::kLinear);
    if (mode == "bilinear") settings.mode(torch::kBilinear);
    if (mode == "bicubic") settings.mode(torch::kBicubic);
    if (mode == "trilinear") settings.mode(torch::kTrilinear);
    settings.align_corners(align_corners);
  }
  return from_function([=](const Tensor& x) {
    TORCH_CHECK(x.dim() >= 3, "expects at least 3 dimensions with the batch, gets ", x.dim());
    F::InterpolateFuncOptions sized = settings;
    return F::interpolate(x, sized.scale_factor(std::vector<double>(static_cast<std::size_t>(x.dim() - 2), scale)));
  });
}

ModulePointer build_patches(ParameterBuilder& builder) {
  const Json& options = builder.node().options;
  const auto kernel = options.at("kernel_size").get<Sizes>();
  const auto dilation = options.at("dilation").get<Sizes>();
  const auto padding = options.at("padding").get<Sizes>();
  const auto stride = options.at("stride").get<Sizes>();
  if (builder.node().layer == "Unfold")
    return from_function([=](const Tensor& x) { return torch::im2col(x, kernel, dilation, padding, stride); });
  const auto size = options.at("output_size").get<Sizes>();
  return from_function([=](const Tensor& x) { return torch::col2im(x, size, kernel, dilation, padding, stride); });
}

}  // namespace

LayerBuilders reshape_builders() {
  return {
      {"Identity", [](ParameterBuilder&) { return from_function([](const Tensor& x) { return x; }); }},
      {"Flatten", build_flatten},
      {"Unflatten", build_unflatten},
      {"Reshape", build_reshape},
      {"Permute", build_permute},
      {"Transpose", build_transpose},
      {"Select", build_select},
      {"Squeeze", dimension_change([](const Tensor& x, std::int64_t dim) { return x.squeeze(dim); })},
      {"Unsqueeze", dimension_change([](const Tensor& x, std::int64_t dim) { return x.unsqueeze(dim); })},
      {"PixelShuffle", shuffle_by("upscale_factor", torch::pixel_shuffle)},
      {"PixelUnshuffle", shuffle_by("downscale_factor", torch::pixel_unshuffle)},
      {"ChannelShuffle", shuffle_by("groups", torch::channel_shuffle)},
      {"Upsample", build_upsample},
      {"Fold", build_patches},
      {"Unfold", build_patches},
  };
}

}  // namespace torchwright
