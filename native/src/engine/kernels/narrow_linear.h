#pragma once

#include <torch/torch.h>

namespace torchwright {

/// Whether `linear_of_few` takes this layer: (batch, in) in float32 on the CPU, to few features with a bias.
bool suits_linear_of_few(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias);

/// torch.linear to a handful of features, as a classifier's last layer. libtorch asks for x · Wᵀ, which the matrix
/// library computes at half the speed of W · xᵀ where W has a few rows only.
torch::Tensor linear_of_few(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias);

}  // namespace torchwright
