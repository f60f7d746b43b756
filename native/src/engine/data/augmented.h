#pragma once

#include <torch/torch.h>

#include "engine/plan/plan.h"

namespace torchwright {

/// A fresh epoch over a few images, each position as training would feed it.
struct AugmentedEpoch {
  torch::Tensor order;   // int64 [positions]; numbers beyond the images mean the flipped copy
  torch::Tensor images;  // float [positions, channels, height, width], normalised
};

/// `images`: uint8 [images, channels, height, width]. `settings`: `augment`, `scale`, `offset` and `shuffle` of a
/// plan's data. Throws EngineFailure `badProject` where they are none.
AugmentedEpoch augment_images(const torch::Tensor& images, const Json& settings, std::uint64_t seed);

}  // namespace torchwright
