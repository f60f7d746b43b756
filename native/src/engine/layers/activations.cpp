#include "engine/kernels/function_table.h"
#include "engine/layers/function_layer.h"
#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// Its backward pass needs only its output, so that it may overwrite its input.
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

/// One slope for all channels, or one each.
class PRelu : public Module {
 public:
  explicit PRelu(ParameterBuilder& builder)
      : slope_(builder.parameter("weight", {builder.node().options.at("num_parameters").get<std::int64_t>()},
                                 ParameterKind::norm)) {}
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    return torch::prelu(x, context.store.parameter(slope_));
  }

 private:
  int slope_;
};

/// Slopes drawn while training, their mean in evaluation.
class RRelu : public Module {
 public:
  explicit RRelu(ParameterBuilder& builder)
      : lower_(builder.node().options.at("lower")), upper_(builder.node().options.at("upper")) {
    TORCH_CHECK(lower_ <= upper_, "the lower slope ", lower_, " is above the upper one, ", upper_);
  }
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    // The engine's generator lives on the CPU; other devices draw from their own, seeded like it.
    const auto generator = x.is_cpu() ? std::make_optional(context.generator) : std::nullopt;
    return torch::rrelu(x, lower_, upper_, context.training, generator);
  }

 private:
  double lower_;
  double upper_;
};

LayerBuilder activation(Tensor (*function)(const Tensor&)) {
  return [function](ParameterBuilder&) { return from_function(function); };
}

/// For functions that cost more than the memory traffic.
LayerBuilder activation_by_table(Tensor (*function)(const Tensor&)) {
  return [function](ParameterBuilder&) { return from_function(FunctionTable(function)); };
}

LayerBuilder activation_of(const char* option, Tensor (*function)(const Tensor&, double)) {
  return [=](ParameterBuilder& builder) {
    const double value = builder.node().options.at(option);
    return from_function([=](const Tensor& x) { return function(x, value); });
  };
}

LayerBuilder activation_of(const char* first, const char* second, Tensor (*function)(const Tensor&, double, double)) {
  return [=](ParameterBuilder& builder) {
    const double a = builder.node().options.at(first);
    const double b = builder.node().options.at(second);
    return from_function([=](const Tensor& x) { return function(x, a, b); });
  };
}

LayerBuilder activation_along(Tensor (*function)(const Tensor&, std::int64_t)) {
  return [=](ParameterBuilder& builder) {
    const std::int64_t dim = builder.node().options.at("dim");
    return from_function([=](const Tensor& x) { return function(x, dim); });
  };
}

Tensor softmax_of_image(const Tensor& x) {
  TORCH_CHECK(x.dim() == 4, "expects 4 dimensions with the batch, gets ", x.dim());
  return torch::softmax(x, 1);
}

Tensor hardtanh(const Tensor& x, double lowest, double highest) {
  TORCH_CHECK(lowest < highest, "min_val ", lowest, " is not below max_val ", highest);
  return torch::hardtanh(x, lowest, highest);
}

}  // namespace

LayerBuilders activation_builders() {
  return {
      {"ReLU", [](ParameterBuilder&) { return std::make_unique<Relu>(); }},
      {"PReLU", built_as<PRelu>()},
      {"RReLU", built_as<RRelu>()},
      {"Sigmoid", activation([](const Tensor& x) { return torch::sigmoid(x); })},
      {"LogSigmoid", activation([](const Tensor& x) { return torch::log_sigmoid(x); })},
      {"Tanh", activation([](const Tensor& x) { return torch::tanh(x); })},
      {"Tanhshrink", activation([](const Tensor& x) { return x - torch::tanh(x); })},
      {"SiLU", activation_by_table([](const Tensor& x) { return torch::silu(x); })},
      {"Mish", activation_by_table([](const Tensor& x) { return torch::mish(x); })},
      {"Hardswish", activation([](const Tensor& x) { return torch::hardswish(x); })},
      {"ReLU6", activation([](const Tensor& x) { return torch::relu6(x); })},
      {"SELU", activation([](const Tensor& x) { return torch::selu(x); })},
      {"Softsign", activation([](const Tensor& x) { return x / (x.abs() + 1); })},
      {"Softmax2d", activation(softmax_of_image)},
      {"LeakyReLU", activation_of("negative_slope", [](const Tensor& x, double a) { return torch::leaky_relu(x, a); })},
      {"ELU", activation_of("alpha", [](const Tensor& x, double a) { return torch::elu(x, a); })},
      {"CELU", activation_of("alpha", [](const Tensor& x, double a) { return torch::celu(x, a); })},
      {"Hardshrink", activation_of("lambd", [](const Tensor& x, double a) { return torch::hardshrink(x, a); })},
      {"Softshrink", activation_of("lambd", [](const Tensor& x, double a) { return torch::softshrink(x, a); })},
      {"Hardtanh", activation_of("min_val", "max_val", hardtanh)},
      {"Softplus", activation_of("beta", "threshold",
                                 [](const Tensor& x, double a, double b) { return torch::softplus(x, a, b); })},
      {"Threshold", activation_of("threshold", "value",
                                  [](const Tensor& x, double a, double b) { return torch::threshold(x, a, b); })},
      {"GELU",
       [](ParameterBuilder& builder) {
         const std::string approximate = builder.node().options.at("approximate");
         return from_function(FunctionTable([=](const Tensor& x) { return torch::gelu(x, approximate); }));
       }},
      {"Softmax", activation_along([](const Tensor& x, std::int64_t dim) { return torch::softmax(x, dim); })},
      {"LogSoftmax", activation_along([](const Tensor& x, std::int64_t dim) { return torch::log_softmax(x, dim); })},
      {"Softmin", activation_along([](const Tensor& x, std::int64_t dim) { return torch::softmax(-x, dim); })},
      {"GLU", activation_along([](const Tensor& x, std::int64_t dim) { return torch::glu(x, dim); })},
  };
}

}  // namespace torchwright
