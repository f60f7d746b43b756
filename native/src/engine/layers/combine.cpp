#include <functional>
#include <utility>

#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// A layer without tensors of its own: a function of its inputs.
class FlowFunction : public FlowModule {
 public:
  using Function = std::function<Tensor(const Flow&)>;
  FlowFunction(std::size_t inputs, Function function) : inputs_(inputs), function_(std::move(function)) {}
  std::size_t takes() const override { return inputs_; }
  Flow forward_flow(const Flow& inputs, ForwardContext&) override { return {function_(inputs)}; }

 private:
  std::size_t inputs_;
  Function function_;
};

/// With as many inputs as the option says.
ModulePointer of_inputs(ParameterBuilder& builder, FlowFunction::Function function) {
  const std::size_t count = builder.node().options.at("inputs");
  return std::make_unique<FlowFunction>(count, std::move(function));
}

ModulePointer build_cat(ParameterBuilder& builder) {
  const std::int64_t dim = builder.node().options.at("dim");
  return of_inputs(builder, [dim](const Flow& inputs) { return torch::cat(inputs, dim); });
}

ModulePointer build_stack(ParameterBuilder& builder) {
  const std::int64_t dim = builder.node().options.at("dim");
  return of_inputs(builder, [dim](const Flow& inputs) { return torch::stack(inputs, dim); });
}

/// From the first to the last.
template <typename Operation>
LayerBuilder one_by_one(Operation operation) {
  return [operation](ParameterBuilder& builder) {
    return of_inputs(builder, [operation](const Flow& inputs) {
      Tensor y = inputs.at(0);
      for (std::size_t index = 1; index < inputs.size(); ++index) y = operation(y, inputs[index]);
      return y;
    });
  };
}

void check_alike(const Flow& inputs) {
  TORCH_CHECK(inputs.at(0).sizes() == inputs.at(1).sizes(), "needs two inputs of one shape, gets ",
              inputs.at(0).sizes(), " and ", inputs.at(1).sizes());
}

ModulePointer build_pairwise_distance(ParameterBuilder& builder) {
  const Json& options = builder.node().options;
  const double p = options.at("p");
  const double eps = options.at("eps");
  const bool keeps_dimension = options.at("keepdim");
  return std::make_unique<FlowFunction>(2, [=](const Flow& inputs) {
    check_alike(inputs);
    return torch::pairwise_distance(inputs.at(0), inputs.at(1), p, eps, keeps_dimension);
  });
}

ModulePointer build_cosine_similarity(ParameterBuilder& builder) {
  const std::int64_t dim = builder.node().options.at("dim");
  const double eps = builder.node().options.at("eps");
  return std::make_unique<FlowFunction>(2, [=](const Flow& inputs) {
    check_alike(inputs);
    return torch::cosine_similarity(inputs.at(0), inputs.at(1), dim, eps);
  });
}

class Bilinear : public FlowModule {
 public:
  explicit Bilinear(ParameterBuilder& builder) {
    const Json& options = builder.node().options;
    const std::int64_t out = options.at("out_features");
    weight_ = builder.parameter("weight", {out, options.at("in1_features"), options.at("in2_features")},
                                ParameterKind::weight);
    if (options.at("bias")) bias_ = builder.parameter("bias", {out}, ParameterKind::bias);
  }
  std::size_t takes() const override { return 2; }
  Flow forward_flow(const Flow& inputs, ForwardContext& context) override {
    const auto bias = bias_ < 0 ? std::nullopt : std::make_optional(context.store.parameter(bias_));
    return {torch::bilinear(inputs.at(0), inputs.at(1), context.store.parameter(weight_), bias)};
  }

 private:
  int weight_;
  int bias_ = -1;
};

}  // namespace

LayerBuilders combine_builders() {
  return {
      {"Cat", build_cat},
      {"Stack", build_stack},
      {"Add", one_by_one([](const Tensor& a, const Tensor& b) { return a + b; })},
      {"Mul", one_by_one([](const Tensor& a, const Tensor& b) { return a * b; })},
      {"MatMul", one_by_one([](const Tensor& a, const Tensor& b) { return a.matmul(b); })},
      {"PairwiseDistance", build_pairwise_distance},
      {"CosineSimilarity", build_cosine_similarity},
      {"Bilinear", built_as<Bilinear>()},
  };
}

}  // namespace torchwright
