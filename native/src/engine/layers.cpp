#include <functional>
#include <unordered_map>

#include "batch_norm.h"
#include "dropout.h"
#include "failure.h"
#include "module.h"
#include "winograd.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

/// A layer without tensors of its own: a function of its input.
class FunctionLayer : public Module {
 public:
  using Function = std::function<Tensor(const Tensor&)>;
  explicit FunctionLayer(Function function) : function_(std::move(function)) {}
  Tensor forward(const Tensor& x, ForwardContext&) override { return function_(x); }

 private:
  Function function_;
};

ModulePointer from_function(FunctionLayer::Function function) {
  return std::make_unique<FunctionLayer>(std::move(function));
}

class Linear : public Module {
 public:
  explicit Linear(ParameterBuilder& builder) {
    const Json& options = builder.node().options;
    const std::int64_t in = options.at("in_features");
    const std::int64_t out = options.at("out_features");
    weight_ = builder.parameter("weight", {out, in}, ParameterKind::weight);
    if (options.at("bias")) bias_ = builder.parameter("bias", {out}, ParameterKind::bias);
  }
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    return torch::linear(x, context.store.parameter(weight_), bias_ < 0 ? Tensor() : context.store.parameter(bias_));
  }
  bool output_is_free() const override { return true; }

 private:
  int weight_;
  int bias_ = -1;
};

class Conv2d : public Module {
 public:
  explicit Conv2d(ParameterBuilder& builder) {
    const Json& options = builder.node().options;
    const std::int64_t in = options.at("in_channels");
    const std::int64_t out = options.at("out_channels");
    const auto kernel = options.at("kernel_size").get<Sizes>();
    stride_ = options.at("stride").get<Sizes>();
    dilation_ = options.at("dilation").get<Sizes>();
    groups_ = options.at("groups");
    TORCH_CHECK(groups_ > 0 && in % groups_ == 0 && out % groups_ == 0, "cannot split ", in, " input and ", out,
                " output channels into ", groups_, " groups");
    padding_mode_ = options.at("padding_mode");
    set_padding(options.at("padding"), kernel);
    weight_ = builder.parameter("weight", {out, in / groups_, kernel[0], kernel[1]}, ParameterKind::weight);
    if (options.at("bias")) bias_ = builder.parameter("bias", {out}, ParameterKind::bias);
  }

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    const Tensor& weight = context.store.parameter(weight_);
    const Tensor bias = bias_ < 0 ? Tensor() : context.store.parameter(bias_);
    if (padding_mode_ != "zeros") return convolve(pad(x), weight, bias, {0, 0});
    if (same_) return torch::conv2d(x, weight, bias, stride_, "same", dilation_, groups_);
    return convolve(x, weight, bias, {around_[2], around_[0]});
  }
  bool output_is_free() const override { return true; }

 private:
  /// The weight gradient of a 1x1 convolution that skips pixels, of fewer channels than a vector register has lanes
  /// and channels-last, writes past its buffer (oneDNN in libtorch 2.13; Python too dies of it). Taking the pixels
  /// first computes the same.
  Tensor convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, const Sizes& padding) const {
    const bool skips = stride_[0] > 1 || stride_[1] > 1;
    const bool is_unsafe =
        skips && weight.size(1) < 16 && weight.size(2) * weight.size(3) == 1 && padding == Sizes{0, 0} && x.is_cpu();
    const bool is_plain = stride_ == Sizes{1, 1} && dilation_ == Sizes{1, 1} && groups_ == 1;
    if (is_plain && padding[0] == padding[1] && suits_winograd(x, weight, padding[0]))
      return convolve_by_winograd(x, weight, bias, padding[0]);
    if (!is_unsafe) return torch::conv2d(x, weight, bias, stride_, padding, dilation_, groups_);
    const Tensor taken = x.slice(2, 0, std::nullopt, stride_[0]).slice(3, 0, std::nullopt, stride_[1]);
    return torch::conv2d(taken, weight, bias, Sizes{1, 1}, padding, dilation_, groups_);
  }

  /// `around_` is left, right, top, bottom, as torch.nn.functional.pad takes it.
  void set_padding(const Json& padding, const Sizes& kernel) {
    if (padding.is_array()) {
      const auto pair = padding.get<Sizes>();
      around_ = {pair[1], pair[1], pair[0], pair[0]};
    } else if (padding == "same") {
      same_ = true;
      TORCH_CHECK(stride_[0] == 1 && stride_[1] == 1, "padding 'same' goes with stride 1 only, not ", stride_);
      for (int dimension = 0; dimension < 2; ++dimension) {
        // The odd one of an even kernel goes to the right and the bottom, as in PyTorch.
        const std::int64_t total = dilation_[dimension] * (kernel[dimension] - 1);
        const std::size_t at = dimension == 0 ? 2 : 0;
        around_[at] = total / 2;
        around_[at + 1] = total - total / 2;
      }
    }
  }

  Tensor pad(const Tensor& x) const {
    namespace F = torch::nn::functional;
    F::PadFuncOptions options(around_);
    if (padding_mode_ == "reflect") return F::pad(x, options.mode(torch::kReflect));
    if (padding_mode_ == "replicate") return F::pad(x, options.mode(torch::kReplicate));
    return F::pad(x, options.mode(torch::kCircular));
  }

  Sizes stride_;
  Sizes dilation_;
  Sizes around_{0, 0, 0, 0};
  std::int64_t groups_;
  std::string padding_mode_;
  bool same_ = false;
  int weight_;
  int bias_ = -1;
};

class BatchNorm : public Module {
 public:
  BatchNorm(ParameterBuilder& builder, std::initializer_list<std::int64_t> dimensions) : dimensions_(dimensions) {
    const Json& options = builder.node().options;
    const std::int64_t features = options.at("num_features");
    eps_ = options.at("eps");
    if (!options.at("momentum").is_null()) momentum_ = options.at("momentum").get<double>();
    if (options.at("affine")) {
      weight_ = builder.parameter("weight", {features}, ParameterKind::norm);
      bias_ = builder.parameter("bias", {features}, ParameterKind::bias);
    }
    if (options.at("track_running_stats")) {
      mean_ = builder.buffer("running_mean", torch::zeros({features}));
      variance_ = builder.buffer("running_var", torch::ones({features}));
      count_ = builder.buffer("num_batches_tracked", torch::zeros({}, torch::kInt64));
    }
  }

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    TORCH_CHECK(std::find(dimensions_.begin(), dimensions_.end(), x.dim()) != dimensions_.end(), "expects ",
                *dimensions_.begin(), " dimensions with the batch, gets ", x.dim());
    const bool tracks = mean_ >= 0;
    double factor = momentum_.value_or(0);
    if (context.training && tracks) {
      Tensor& count = context.store.buffer(count_);
      count.add_(1);
      // Without a momentum the running figures are plain averages.
      if (!momentum_) factor = 1.0 / static_cast<double>(count.item<std::int64_t>());
    }
    const Tensor mean = tracks ? context.store.buffer(mean_) : Tensor();
    const Tensor variance = tracks ? context.store.buffer(variance_) : Tensor();
    const Tensor weight = affine(weight_, context);
    const Tensor bias = affine(bias_, context);
    if (!context.training && tracks) return torch::batch_norm(x, weight, bias, mean, variance, false, 0, eps_, true);
    // Evaluation without running figures takes those of the batch, and changes none.
    return batch_norm_of_batch(x, weight, bias, mean, variance, factor, eps_);
  }
  bool output_is_free() const override { return true; }

 private:
  static Tensor affine(int index, ForwardContext& context) {
    return index < 0 ? Tensor() : context.store.parameter(index);
  }

  std::vector<std::int64_t> dimensions_;
  double eps_;
  std::optional<double> momentum_;
  int weight_ = -1;
  int bias_ = -1;
  int mean_ = -1;
  int variance_ = -1;
  int count_ = -1;
};

/// GroupNorm and LayerNorm: statistics of the sample itself, nothing running.
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
      : SampleNorm(builder, {builder.node().options.at("num_channels")}, builder.node().options.at("affine"), true),
        groups_(builder.node().options.at("num_groups")),
        eps_(builder.node().options.at("eps")) {}
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    return torch::group_norm(x, groups_, weight(context), bias(context), eps_);
  }

 private:
  std::int64_t groups_;
  double eps_;
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

class Dropout : public Module {
 public:
  explicit Dropout(ParameterBuilder& builder) : p_(builder.node().options.at("p")) {}
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    return context.training ? dropout(x, p_, context.generator) : x;
  }

 private:
  double p_;
};

/// Whole channels at a time: the mask has one element a channel.
class Dropout2d : public Module {
 public:
  explicit Dropout2d(ParameterBuilder& builder) : p_(builder.node().options.at("p")) {}
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    TORCH_CHECK(x.dim() == 4, "expects 4 dimensions with the batch, gets ", x.dim());
    if (!context.training || p_ <= 0) return x;
    const Tensor ones = torch::ones({x.size(0), x.size(1), 1, 1}, x.options());
    return x * dropout(ones, p_, context.generator);
  }

 private:
  double p_;
};

/// Activations whose backward pass needs only their output, so that they may overwrite their input.
class Relu : public Module {
 public:
  Tensor forward(const Tensor& x, ForwardContext&) override {
    if (!in_place_) return torch::relu(x);
    Tensor y = x;
    return torch::relu_(y);
  }
  bool can_use_input() const override { return true; }
  void use_input() override { in_place_ = true; }

 private:
  bool in_place_ = false;
};

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

ModulePointer build_pool(const std::string& layer, const Json& options) {
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

using Builder = std::function<ModulePointer(ParameterBuilder&)>;

template <typename Layer>
Builder plain() {
  return [](ParameterBuilder& builder) { return std::make_unique<Layer>(builder); };
}

Builder activation(Tensor (*function)(const Tensor&)) {
  return [function](ParameterBuilder&) { return from_function(function); };
}

Builder pool() {
  return [](ParameterBuilder& builder) { return build_pool(builder.node().layer, builder.node().options); };
}

const std::unordered_map<std::string, Builder>& builders() {
  static const std::unordered_map<std::string, Builder> table = {
      {"Linear", plain<Linear>()},
      {"Identity", activation([](const Tensor& x) { return x; })},
      {"Conv2d", plain<Conv2d>()},
      {"MaxPool2d", pool()},
      {"AvgPool2d", pool()},
      {"AdaptiveAvgPool2d", pool()},
      {"AdaptiveMaxPool2d", pool()},
      {"BatchNorm1d",
       [](ParameterBuilder& builder) {
         return std::make_unique<BatchNorm>(builder, std::initializer_list<std::int64_t>{2, 3});
       }},
      {"BatchNorm2d",
       [](ParameterBuilder& builder) {
         return std::make_unique<BatchNorm>(builder, std::initializer_list<std::int64_t>{4});
       }},
      {"GroupNorm", plain<GroupNorm>()},
      {"LayerNorm", plain<LayerNorm>()},
      {"Dropout", plain<Dropout>()},
      {"Dropout2d", plain<Dropout2d>()},
      {"ReLU", [](ParameterBuilder&) { return std::make_unique<Relu>(); }},
      {"Sigmoid", activation([](const Tensor& x) { return torch::sigmoid(x); })},
      {"Tanh", activation([](const Tensor& x) { return torch::tanh(x); })},
      {"SiLU", activation([](const Tensor& x) { return torch::silu(x); })},
      {"Mish", activation([](const Tensor& x) { return torch::mish(x); })},
      {"Hardswish", activation([](const Tensor& x) { return torch::hardswish(x); })},
      {"LeakyReLU",
       [](ParameterBuilder& builder) {
         const double slope = builder.node().options.at("negative_slope");
         return from_function([=](const Tensor& x) { return torch::leaky_relu(x, slope); });
       }},
      {"ELU",
       [](ParameterBuilder& builder) {
         const double alpha = builder.node().options.at("alpha");
         return from_function([=](const Tensor& x) { return torch::elu(x, alpha); });
       }},
      {"GELU",
       [](ParameterBuilder& builder) {
         const std::string approximate = builder.node().options.at("approximate");
         return from_function([=](const Tensor& x) { return torch::gelu(x, approximate); });
       }},
      {"Softmax",
       [](ParameterBuilder& builder) {
         const std::int64_t dim = builder.node().options.at("dim");
         return from_function([=](const Tensor& x) { return torch::softmax(x, dim); });
       }},
      {"LogSoftmax",
       [](ParameterBuilder& builder) {
         const std::int64_t dim = builder.node().options.at("dim");
         return from_function([=](const Tensor& x) { return torch::log_softmax(x, dim); });
       }},
      {"Flatten",
       [](ParameterBuilder& builder) {
         const std::int64_t start = builder.node().options.at("start_dim");
         const std::int64_t end = builder.node().options.at("end_dim");
         return from_function([=](const Tensor& x) { return torch::flatten(x, start, end); });
       }},
  };
  return table;
}

}  // namespace

ModulePointer build_layer(ParameterBuilder& builder) {
  const PlanNode& node = builder.node();
  const auto found = builders().find(node.layer);
  if (found == builders().end())
    throw EngineFailure("badNetwork", node.path + ": the engine knows no layer called '" + node.layer + "'.",
                        node.path);
  try {
    return found->second(builder);
  } catch (const c10::Error& error) {
    throw EngineFailure("badNetwork", node.path + " (" + node.layer + "): " + error.what_without_backtrace(),
                        node.path);
  } catch (const Json::exception& error) {
    throw EngineFailure("badNetwork",
                        node.path + " (" + node.layer + "): an option is missing or of the wrong kind: " + error.what(),
                        node.path);
  }
}

}  // namespace torchwright
