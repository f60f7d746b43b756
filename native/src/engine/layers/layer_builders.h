#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "engine/layers/module.h"

namespace torchwright {

using LayerBuilder = std::function<ModulePointer(ParameterBuilder&)>;

/// By the catalogue's name.
using LayerBuilders = std::unordered_map<std::string, LayerBuilder>;

template <typename Layer>
LayerBuilder built_as() {
  return [](ParameterBuilder& builder) { return std::make_unique<Layer>(builder); };
}

// One table a family, each in a file of its own.
LayerBuilders activation_builders();
LayerBuilders attention_builders();
LayerBuilders combine_builders();
LayerBuilders convolution_builders();
LayerBuilders cross_map_norm_builders();
LayerBuilders dropout_builders();
LayerBuilders embedding_builders();
LayerBuilders fractional_pooling_builders();
LayerBuilders linear_builders();
LayerBuilders normalisation_builders();
LayerBuilders padding_builders();
LayerBuilders pooling_builders();
LayerBuilders recurrent_builders();
LayerBuilders reshape_builders();
LayerBuilders resize_builders();
LayerBuilders transform_builders();
LayerBuilders transformer_builders();

}  // namespace torchwright
