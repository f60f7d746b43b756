#include "failure.h"
#include "layer_builders.h"
#include "narrow_linear.h"

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

const LayerBuilders& builders() {
  static const LayerBuilders table = [] {
    LayerBuilders all = {{"Linear", built_as<Linear>()}};
    for (const auto family : {activation_builders, attention_builders, transformer_builders, combine_builders,
                              convolution_builders, dropout_builders, normalisation_builders, padding_builders,
                              pooling_builders, recurrent_builders, reshape_builders, cross_map_norm_builders,
                              embedding_builders, fractional_pooling_builders, resize_builders, transform_builders}) {
      all.merge(family());
    }
    return all;
  }();
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
