#include "engine/layers/layer_builders.h"
#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

const LayerBuilders& builders() {
  static const LayerBuilders table = [] {
    LayerBuilders all;
    for (const auto family :
         {linear_builders, activation_builders, attention_builders, transformer_builders, combine_builders,
          convolution_builders, dropout_builders, normalisation_builders, padding_builders, pooling_builders,
          recurrent_builders, reshape_builders, cross_map_norm_builders, embedding_builders,
          fractional_pooling_builders, resize_builders, transform_builders}) {
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
