#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

/// Draws for every channel of every sample where its windows lie, also in evaluation: as PyTorch does.
class FractionalMaxPool : public Module {
 public:
  FractionalMaxPool(ParameterBuilder& builder, std::size_t dimensions) : dimensions_(dimensions) {
    const Json& options = builder.node().options;
    kernel_ = options.at("kernel_size").get<Sizes>();
    const Json& size = options.at("output_size");
    const Json& ratio = options.at("output_ratio");
    TORCH_CHECK(size.is_null() != ratio.is_null(), "needs either an output_size or an output_ratio");
    if (size.is_null()) {
      ratio_ = for_each(ratio.get<std::vector<double>>());
      for (const double each : ratio_) TORCH_CHECK(each > 0 && each < 1, "output_ratio ", each, " is not in (0, 1)");
    } else {
      size_ = for_each(size.get<Sizes>());
    }
  }

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    TORCH_CHECK(x.dim() == static_cast<std::int64_t>(dimensions_) + 2, "expects ", dimensions_ + 2,
                " dimensions with the batch, gets ", x.dim());
    Sizes size = size_;
    for (std::size_t side = 0; side < ratio_.size(); ++side)
      size.push_back(static_cast<std::int64_t>(static_cast<double>(x.size(side + 2)) * ratio_[side]));
    for (const std::int64_t each : size) TORCH_CHECK(each > 0, "leaves nothing of ", x.sizes());
    const Tensor samples =
        torch::rand({x.size(0), x.size(1), static_cast<std::int64_t>(dimensions_)}, context.generator)
            .to(x.options().requires_grad(false));
    return dimensions_ == 2 ? std::get<0>(torch::fractional_max_pool2d(x, kernel_, size, samples))
                            : std::get<0>(torch::fractional_max_pool3d(x, kernel_, size, samples));
  }

 private:
  /// One number stands for all dimensions.
  template <typename Number>
  std::vector<Number> for_each(std::vector<Number> list) const {
    if (list.size() == 1) list.resize(dimensions_, list.front());
    TORCH_CHECK(list.size() == dimensions_, "needs one number or ", dimensions_, ", gets ", list.size());
    return list;
  }

  std::size_t dimensions_;
  Sizes kernel_;
  Sizes size_;
  std::vector<double> ratio_;  // empty where the size is given
};

LayerBuilder fractional_pool(std::size_t dimensions) {
  return [=](ParameterBuilder& builder) { return std::make_unique<FractionalMaxPool>(builder, dimensions); };
}

}  // namespace

LayerBuilders fractional_pooling_builders() {
  return {{"FractionalMaxPool2d", fractional_pool(2)}, {"FractionalMaxPool3d", fractional_pool(3)}};
}

}  // namespace torchwright
