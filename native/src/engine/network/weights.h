#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/formats/safetensors.h"
#include "engine/layers/module.h"

namespace torchwright {

/// What came of weights of another network, by names.
struct WeightReport {
  struct OtherShape {
    std::string name;
    std::vector<std::int64_t> found;
    std::vector<std::int64_t> expected;
  };
  std::vector<std::string> matched;
  std::vector<std::string> missing;  // of the network, not given: they stay as they were
  std::vector<OtherShape> other_shape;
  std::vector<std::string> unused;  // given, not of the network
};

/// Parameters and buffers by PyTorch's names.
NamedTensors weights_of(ParameterStore& store);

/// Copies every parameter and buffer. Throws EngineFailure `badData`, naming `file`, if one is not given or has another
/// shape.
void put_weights(ParameterStore& store, const std::map<std::string, torch::Tensor>& given, const std::string& file);

/// Copies what has the same name and shape.
WeightReport put_matching_weights(ParameterStore& store, const std::map<std::string, torch::Tensor>& given);

}  // namespace torchwright
