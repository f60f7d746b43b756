#include <cmath>

#include "engine/kernels/dropout.h"
#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;

class RandomLayer : public Module {
 public:
  explicit RandomLayer(ParameterBuilder& builder) : p_(builder.node().options.at("p")) {}

 protected:
  double p_;
};

class Dropout : public RandomLayer {
 public:
  using RandomLayer::RandomLayer;
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    return context.training ? dropout(x, p_, context.generator) : x;
  }
};

/// One element a channel.
Tensor ones_of_channels(const Tensor& x) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(x.dim()), 1);
  sizes[0] = x.size(0);
  sizes[1] = x.size(1);
  return torch::ones(sizes, x.options());
}

/// Whole channels at a time.
template <int kDimensions>
class ChannelDropout : public RandomLayer {
 public:
  using RandomLayer::RandomLayer;
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    TORCH_CHECK(x.dim() == kDimensions, "expects ", kDimensions, " dimensions with the batch, gets ", x.dim());
    if (!context.training || p_ <= 0) return x;
    return x * dropout(ones_of_channels(x), p_, context.generator);
  }
};

/// Whole samples at a time (stochastic depth, Huang et al. 2016).
class DropPath : public RandomLayer {
 public:
  using RandomLayer::RandomLayer;
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    if (!context.training || p_ <= 0) return x;
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(x.dim()), 1);
    sizes[0] = x.size(0);
    return x * dropout(torch::ones(sizes, x.options()), p_, context.generator);
  }
};

/// What is dropped takes the value SELU has for large negative x, -λα; then scaled and shifted back to zero mean and
/// unit variance (Klambauer et al. 2017).
template <bool kWholeChannels>
class AlphaDropout : public RandomLayer {
 public:
  using RandomLayer::RandomLayer;
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    if (!context.training || p_ <= 0) return x;
    if (p_ >= 1) return x * 0;
    constexpr double kSaturation = 1.7580993408473766;
    const double scale = 1 / std::sqrt((kSaturation * kSaturation * p_ + 1) * (1 - p_));
    const Tensor ones = kWholeChannels ? ones_of_channels(x) : torch::ones_like(x, x.options().requires_grad(false));
    const Tensor keep = dropout(ones, p_, context.generator) * (1 - p_);
    const Tensor shift = (keep - 1) * (kSaturation * scale) + kSaturation * scale * p_;
    return x * (keep * scale) + shift;
  }
};

}  // namespace

LayerBuilders dropout_builders() {
  return {
      {"Dropout", built_as<Dropout>()},
      {"Dropout1d", built_as<ChannelDropout<3>>()},
      {"Dropout2d", built_as<ChannelDropout<4>>()},
      {"Dropout3d", built_as<ChannelDropout<5>>()},
      {"AlphaDropout", built_as<AlphaDropout<false>>()},
      {"DropPath", built_as<DropPath>()},
      {"FeatureAlphaDropout", built_as<AlphaDropout<true>>()},
  };
}

}  // namespace torchwright
