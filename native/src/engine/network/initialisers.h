#pragma once

#include <torch/torch.h>

#include "engine/plan/plan.h"

namespace torchwright {

/// Inputs and outputs of one weight, as torch.nn.init counts them: the receptive field counts for both.
struct Fans {
  double in;
  double out;
};

Fans fans_of(const torch::Tensor& tensor);

/// Fills a tensor as torch.nn.init's function of that name does. Throws EngineFailure `badNetwork` for an unknown
/// method, and for a tensor that has not the dimensions it needs. `path` is the layer's.
void apply_initialiser(const InitialiserRule& rule, torch::Tensor& tensor, torch::Generator& generator,
                       const std::string& path);

}  // namespace torchwright
