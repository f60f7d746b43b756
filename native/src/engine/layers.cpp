#include <functional>
#include <unordered_map>

#include "batch_norm.h"
#include "convolution.h"
#include "dropout.h"
#include "failure.h"
#include "function_layer.h"
#include "module.h"
#include "narrow_linear.h"
#include "pooling.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

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
    const Tensor& weight = context.store.parameter(weight_);
    const Tensor bias = bias_ < 0 ? Tensor() : context.store.parameter(bias_);
    return suits_linear_of_few(x, weight, bias) ? linear_of_few(x, weight, bias) : torch::linear(x, weight, bias);
  }
  bool output_is_free() const override { return true; }

 private:
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

using Builder = std::function<ModulePointer(ParameterBuilder&)>;

template <typename Layer>
Builder plain() {
  return [](ParameterBuilder& builder) { return std::make_unique<Layer>(builder); };
}

Builder activation(Tensor (*function)(const Tensor&)) {
  return [function](ParameterBuilder&) { return from_function(function); };
}

const std::unordered_map<std::string, Builder>& builders() {
  static const std::unordered_map<std::string, Builder> table = {
      {"Linear", plain<Linear>()},
      {"Identity", activation([](const Tensor& x) { return x; })},
      {"Conv2d", build_convolution},
      {"MaxPool2d", build_pool},
      {"AvgPool2d", build_pool},
      {"AdaptiveAvgPool2d", build_pool},
      {"AdaptiveMaxPool2d", build_pool},
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
