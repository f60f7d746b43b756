#include <algorithm>

#include "engine/kernels/batch_norm.h"
#include "engine/layers/function_layer.h"
#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

/// The tensors of BatchNorm and InstanceNorm: a scale and a shift, and running statistics.
class ChannelNorm : public Module {
 public:
  ChannelNorm(ParameterBuilder& builder, Sizes dimensions) : dimensions_(std::move(dimensions)) {
    const Json& options = builder.node().options;
    features_ = options.at("num_features");
    eps_ = options.at("eps");
    if (!options.at("momentum").is_null()) momentum_ = options.at("momentum").get<double>();
    if (options.at("affine")) {
      weight_ = builder.parameter("weight", {features_}, ParameterKind::norm);
      if (options.value("bias", true)) bias_ = builder.parameter("bias", {features_}, ParameterKind::bias);
    }
    if (options.at("track_running_stats")) {
      mean_ = builder.buffer("running_mean", torch::zeros({features_}));
      variance_ = builder.buffer("running_var", torch::ones({features_}));
      count_ = builder.buffer("num_batches_tracked", torch::zeros({}, torch::kInt64));
    }
  }
  bool output_is_free() const override { return true; }

 protected:
  void check_dimensions(const Tensor& x) const {
    TORCH_CHECK(std::find(dimensions_.begin(), dimensions_.end(), x.dim()) != dimensions_.end(), "expects ",
                dimensions_.front(), " dimensions with the batch, gets ", x.dim());
  }
  static Tensor parameter(int index, ForwardContext& context) {
    return index < 0 ? Tensor() : context.store.parameter(index);
  }
  static Tensor buffer(int index, ForwardContext& context) {
    return index < 0 ? Tensor() : context.store.buffer(index);
  }

  Sizes dimensions_;
  std::int64_t features_;
  double eps_;
  std::optional<double> momentum_;
  int weight_ = -1;
  int bias_ = -1;
  int mean_ = -1;
  int variance_ = -1;
  int count_ = -1;
};

class BatchNorm : public ChannelNorm {
 public:
  using ChannelNorm::ChannelNorm;

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    check_dimensions(x);
    // One value has no variance: libtorch would write NaN into the running one.
    TORCH_CHECK(!context.training || x.numel() > x.size(1),
                "gets a batch with one value for each channel and cannot compute a variance from it; choose another "
                "batch size");
    const bool tracks = mean_ >= 0;
    double factor = momentum_.value_or(0);
    if (context.training && tracks) {
      Tensor& count = context.store.buffer(count_);
      count.add_(1);
      // Without a momentum the running figures are plain averages.
      if (!momentum_ || CumulativeStatistics::is_on()) factor = 1.0 / static_cast<double>(count.item<std::int64_t>());
    }
    const Tensor mean = buffer(mean_, context);
    const Tensor variance = buffer(variance_, context);
    const Tensor weight = parameter(weight_, context);
    const Tensor bias = parameter(bias_, context);
    if (!context.training && tracks) return torch::batch_norm(x, weight, bias, mean, variance, false, 0, eps_, true);
    // Evaluation without running figures takes those of the batch, and changes none.
    return batch_norm_of_batch(x, weight, bias, mean, variance, factor, eps_);
  }
};

/// PyTorch keeps `num_batches_tracked` here too, and never counts with it.
class InstanceNorm : public ChannelNorm {
 public:
  using ChannelNorm::ChannelNorm;

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    check_dimensions(x);
    TORCH_CHECK(x.size(1) == features_, "expects ", features_, " channels, gets ", x.size(1));
    const bool takes_own = context.training || mean_ < 0;
    TORCH_CHECK(!takes_own || x.numel() > x.size(0) * x.size(1),
                "has one element a channel: there is nothing to scale");
    return torch::instance_norm(x, parameter(weight_, context), parameter(bias_, context), buffer(mean_, context),
                                buffer(variance_, context), takes_own, momentum_.value_or(0), eps_, true);
  }
};

/// Statistics of the sample itself, nothing running.
class SampleNorm : public Module {
 public:
  SampleNorm(ParameterBuilder& builder, const Sizes& shape, bool affine, bool bias) {
    if (affine) weight_ = builder.parameter("weight", shape, ParameterKind::norm);
    if (affine && bias) bias_ = builder.parameter("bias", shape, ParameterKind::bias);
  }
  bool output_is_free() const override { return true; }

 protected:
  Tensor weight(ForwardContext& context) const { return weight_ < 0 ? Tensor() : context.store.parameter(weight_); }
  Tensor bias(ForwardContext& context) const { return bias_ < 0 ? Tensor() : context.store.parameter(bias_); }

 private:
  int weight_ = -1;
  int bias_ = -1;
};

class GroupNorm : public SampleNorm {
 public:
  explicit GroupNorm(ParameterBuilder& builder)
      : SampleNorm(builder, {builder.node().options.at("num_channels")}, builder.node().options.at("affine"),
                   builder.node().options.value("bias", true)),
        groups_(builder.node().options.at("num_groups")),
        eps_(builder.node().options.at("eps")) {}
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    return torch::group_norm(x, groups_, weight(context), bias(context), eps_);
  }

 private:
  std::int64_t groups_;
  double eps_;
};

/// Global response normalisation (Woo et al. 2023, arXiv 2301.00808): gamma * x * n + beta + x, where n is the norm of
/// a channel over the mean norm of the sample's channels.
class GlobalResponseNorm : public Module {
 public:
  explicit GlobalResponseNorm(ParameterBuilder& builder)
      : channels_(builder.node().options.at("num_channels")),
        eps_(builder.node().options.at("eps")),
        gamma_(builder.parameter("gamma", {channels_}, ParameterKind::norm)),
        beta_(builder.parameter("beta", {channels_}, ParameterKind::bias)) {}
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    TORCH_CHECK(x.dim() == 4, "expects 4 dimensions with the batch, gets ", x.dim());
    TORCH_CHECK(x.size(1) == channels_, "expects ", channels_, " channels, gets ", x.size(1));
    const Tensor norms = x.norm(2, {2, 3}, true);
    const Tensor relative = norms / (norms.mean({1}, true) + eps_);
    const auto beside = [&](int index) { return context.store.parameter(index).view({1, channels_, 1, 1}); };
    return x * (beside(gamma_) * relative + 1) + beside(beta_);
  }
  bool output_is_free() const override { return true; }

 private:
  std::int64_t channels_;
  double eps_;
  int gamma_;
  int beta_;
};

class LayerNorm : public SampleNorm {
 public:
  explicit LayerNorm(ParameterBuilder& builder)
      : SampleNorm(builder, builder.node().options.at("normalized_shape").get<Sizes>(),
                   builder.node().options.at("elementwise_affine"), builder.node().options.at("bias")),
        shape_(builder.node().options.at("normalized_shape").get<Sizes>()),
        eps_(builder.node().options.at("eps")) {}
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    return torch::layer_norm(x, shape_, weight(context), bias(context), eps_);
  }

 private:
  Sizes shape_;
  double eps_;
};

class RmsNorm : public SampleNorm {
 public:
  explicit RmsNorm(ParameterBuilder& builder)
      : SampleNorm(builder, builder.node().options.at("normalized_shape").get<Sizes>(),
                   builder.node().options.at("elementwise_affine"), false),
        shape_(builder.node().options.at("normalized_shape").get<Sizes>()),
        eps_(builder.node().options.at("eps")) {}
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    const Tensor scale = weight(context);
    return torch::rms_norm(x, shape_, scale.defined() ? std::make_optional(scale) : std::nullopt, eps_);
  }

 private:
  Sizes shape_;
  double eps_;
};

/// `dimensions` with the batch.
template <typename Layer>
LayerBuilder of_dimensions(const Sizes& dimensions) {
  return [=](ParameterBuilder& builder) { return std::make_unique<Layer>(builder, dimensions); };
}

ModulePointer build_local_response_norm(ParameterBuilder& builder) {
  const Json& options = builder.node().options;
  const auto settings = torch::nn::functional::LocalResponseNormFuncOptions(options.at("size").get<std::int64_t>())
                            .alpha(options.at("alpha").get<double>())
                            .beta(options.at("beta").get<double>())
                            .k(options.at("k").get<double>());
  return from_function([=](const Tensor& x) {
    TORCH_CHECK(x.dim() >= 3, "expects at least 3 dimensions with the batch, gets ", x.dim());
    return torch::nn::functional::local_response_norm(x, settings);
  });
}

ModulePointer build_normalize(ParameterBuilder& builder) {
  const Json& options = builder.node().options;
  const auto settings = torch::nn::functional::NormalizeFuncOptions()
                            .p(options.at("p").get<double>())
                            .dim(options.at("dim").get<std::int64_t>())
                            .eps(options.at("eps").get<double>());
  return from_function([=](const Tensor& x) { return torch::nn::functional::normalize(x, settings); });
}

}  // namespace

LayerBuilders normalisation_builders() {
  return {
      {"BatchNorm1d", of_dimensions<BatchNorm>({2, 3})},
      {"BatchNorm2d", of_dimensions<BatchNorm>({4})},
      {"BatchNorm3d", of_dimensions<BatchNorm>({5})},
      {"InstanceNorm1d", of_dimensions<InstanceNorm>({3})},
      {"InstanceNorm2d", of_dimensions<InstanceNorm>({4})},
      {"InstanceNorm3d", of_dimensions<InstanceNorm>({5})},
      {"GroupNorm", built_as<GroupNorm>()},
      {"GRN", built_as<GlobalResponseNorm>()},
      {"LayerNorm", built_as<LayerNorm>()},
      {"RMSNorm", built_as<RmsNorm>()},
      {"LocalResponseNorm", build_local_response_norm},
      {"Normalize", build_normalize},
  };
}

}  // namespace torchwright
