#include "engine/kernels/narrow_linear.h"
#include "engine/layers/function_layer.h"
#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;

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

ModulePointer build_scale(ParameterBuilder& builder) {
  const double factor = builder.node().options.at("factor");
  return from_function([=](const Tensor& x) { return x * factor; });
}

}  // namespace

LayerBuilders linear_builders() { return {{"Linear", built_as<Linear>()}, {"Scale", build_scale}}; }

}  // namespace torchwright
