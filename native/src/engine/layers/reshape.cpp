#include "engine/layers/function_layer.h"
#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

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

/// Taken at the places of a list, from 0 on.
ModulePointer build_index_select(ParameterBuilder& builder) {
  const std::int64_t dim = builder.node().options.at("dim");
  const Tensor index = torch::tensor(builder.node().options.at("index").get<Sizes>(), torch::kInt64);
  return from_function([=](const Tensor& x) { return x.index_select(dim, index.to(x.device())); });
}

/// Sizes without the batch, of which the last belong to the dimensions there are; new ones come behind the batch.
ModulePointer build_expand(ParameterBuilder& builder) {
  const auto written = builder.node().options.at("size").get<Sizes>();
  return from_function([=](const Tensor& x) {
    TORCH_CHECK(static_cast<std::int64_t>(written.size()) >= x.dim() - 1, "needs at least ", x.dim() - 1, " sizes");
    Tensor y = x;
    while (y.dim() <= static_cast<std::int64_t>(written.size())) y = y.unsqueeze(1);
    Sizes sizes{x.size(0)};
    for (const std::int64_t size : written) {
      TORCH_CHECK(size != 0, "cannot make a dimension of 0");
      sizes.push_back(size);
    }
    return y.expand(sizes);
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
      {"IndexSelect", build_index_select},
      {"Expand", build_expand},
      {"Fold", build_patches},
      {"Unfold", build_patches},
  };
}

}  // namespace torchwright
