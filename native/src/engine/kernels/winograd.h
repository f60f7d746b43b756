#pragma once

#include <torch/torch.h>

namespace torchwright {

/// Whether `convolve_by_winograd` takes a 3x3 convolution of stride, dilation and groups 1 and is the faster way: x of
/// (batch, channels, height, width) in float32 on the CPU, channels-last.
bool suits_winograd(const torch::Tensor& x, const torch::Tensor& weight, std::int64_t padding);

/// torch.conv2d of x with `weight` (out, in, 3, 3) and, unless undefined, `bias` (out), with `padding` zeros on each
/// side, 0 to 2: by the minimal filtering algorithm F(2x2, 3x3) of Lavin and Gray, "Fast Algorithms for Convolutional
/// Neural Networks" (2015), which multiplies 16 times where the plain sum does 36 times. The result does not depend on
/// the number of threads.
torch::Tensor convolve_by_winograd(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
                                   std::int64_t padding);

}  // namespace torchwright
