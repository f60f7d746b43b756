#include <algorithm>
#include <cmath>

#include "engine/layers/function_layer.h"
#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

/// One of 0 to `count` - 1 for every sample, on the CPU.
Tensor draw(std::int64_t count, std::int64_t samples, ForwardContext& context) {
  return torch::randint(count, {samples}, context.generator, torch::kInt64);
}

/// From `starts` on `count` places along `dim` of each sample of [batch, channels, height, width].
Tensor cut(const Tensor& x, std::int64_t dim, const Tensor& starts, std::int64_t count) {
  const Tensor places = (starts.unsqueeze(1) + torch::arange(count)).to(x.device());
  Sizes shape = {x.size(0), 1, 1, 1};
  Sizes sizes = x.sizes().vec();
  shape[dim] = sizes[dim] = count;
  return x.gather(dim, places.view(shape).expand(sizes));
}

class RandomCrop : public Module {
 public:
  explicit RandomCrop(ParameterBuilder& builder)
      : size_(builder.node().options.at("size").get<Sizes>()),
        padding_(builder.node().options.at("padding").get<Sizes>()),
        mode_(builder.node().options.at("mode")),
        value_(builder.node().options.at("value")) {}

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    TORCH_CHECK(x.dim() == 4, "expects 4 dimensions with the batch, gets ", x.dim());
    const bool has_value = mode_ == "constant";
    const Tensor padded = torch::pad(x, padding_, mode_, has_value ? std::make_optional(value_) : std::nullopt);
    for (const std::int64_t side : {0, 1}) {
      TORCH_CHECK(padded.size(side + 2) >= size_[side], "cannot cut ", size_[side], " pixels out of ",
                  padded.size(side + 2));
    }
    if (!context.training) {
      return padded.narrow(2, middle(x, padded, 0), size_[0]).narrow(3, middle(x, padded, 1), size_[1]);
    }
    const Tensor rows = draw(padded.size(2) - size_[0] + 1, x.size(0), context);
    const Tensor columns = draw(padded.size(3) - size_[1] + 1, x.size(0), context);
    return cut(cut(padded, 2, rows, size_[0]), 3, columns, size_[1]);
  }

 private:
  /// Where a window begins that lies over the middle of the image, as far as the padding reaches.
  std::int64_t middle(const Tensor& x, const Tensor& padded, std::int64_t side) const {
    const double spare = static_cast<double>(x.size(side + 2) - size_[side]);
    const std::int64_t start = padding_[2 - 2 * side] + static_cast<std::int64_t>(std::floor(spare / 2));
    return std::clamp<std::int64_t>(start, 0, padded.size(side + 2) - size_[side]);
  }

  Sizes size_;     // height, width
  Sizes padding_;  // left, right, top, bottom
  std::string mode_;
  double value_;
};

class RandomFlip : public Module {
 public:
  explicit RandomFlip(ParameterBuilder& builder)
      : p_(builder.node().options.at("p")), dim_(builder.node().options.at("dim")) {}

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    const Tensor flipped = x.flip(dim_);
    if (!context.training) return x;
    const Tensor chosen = torch::rand({x.size(0)}, context.generator) < p_;
    Sizes sizes(static_cast<std::size_t>(x.dim()), 1);
    sizes[0] = x.size(0);
    return torch::where(chosen.to(x.device()).view(sizes), flipped, x);
  }

 private:
  double p_;
  std::int64_t dim_;
};

/// A square around a random pixel becomes zero; it may reach over the edge (DeVries and Taylor 2017, arXiv 1708.04552).
class Cutout : public Module {
 public:
  explicit Cutout(ParameterBuilder& builder) : size_(builder.node().options.at("size")) {}

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    TORCH_CHECK(x.dim() == 4, "expects 4 dimensions with the batch, gets ", x.dim());
    if (!context.training) return x;
    const Tensor rows = inside(x.size(2), x.size(0), context).view({-1, 1, x.size(2), 1});
    const Tensor columns = inside(x.size(3), x.size(0), context).view({-1, 1, 1, x.size(3)});
    return x.masked_fill(rows.logical_and(columns).to(x.device()), 0);
  }

 private:
  /// Which of the places 0 to `count` - 1 lie in each sample's square: [samples, count].
  Tensor inside(std::int64_t count, std::int64_t samples, ForwardContext& context) const {
    const Tensor starts = (draw(count, samples, context) - size_ / 2).unsqueeze(1);
    const Tensor places = torch::arange(count);
    return places.ge(starts).logical_and(places.lt(starts + size_));
  }

  std::int64_t size_;
};

/// (x - mean) / std, channel by channel.
ModulePointer build_z_score(ParameterBuilder& builder) {
  const Tensor mean = torch::tensor(builder.node().options.at("mean").get<std::vector<double>>());
  const Tensor deviation = torch::tensor(builder.node().options.at("std").get<std::vector<double>>());
  TORCH_CHECK(deviation.ne(0).all().item<bool>(), "std has a zero");
  return from_function([=](const Tensor& x) {
    Sizes sizes(static_cast<std::size_t>(x.dim() - 1), 1);
    sizes[0] = -1;
    const auto each = [&](const Tensor& list) {
      TORCH_CHECK(list.numel() == 1 || list.numel() == x.size(1), "has numbers for ", list.numel(), " channels, gets ",
                  x.size(1));
      return list.to(x.options().requires_grad(false)).view(sizes);
    };
    return (x - each(mean)) / each(deviation);
  });
}

}  // namespace

LayerBuilders transform_builders() {
  return {
      {"RandomCrop", built_as<RandomCrop>()},
      {"RandomFlip", built_as<RandomFlip>()},
      {"Cutout", built_as<Cutout>()},
      {"ZScore", build_z_score},
  };
}

}  // namespace torchwright
