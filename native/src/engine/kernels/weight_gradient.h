#pragma once

#include <torch/torch.h>

namespace torchwright {

/// Whether `convolve_with_quick_gradient` takes a convolution of stride, dilation and groups 1 with one zero on each
/// side, and is the faster way: 3x3, of small images with many channels, channels-last, that is trained under autocast
/// to bfloat16 on a CPU with matrix units for it (AMX).
bool suits_quick_gradient(const torch::Tensor& x, const torch::Tensor& weight);

/// torch.conv2d of x with the float32 `weight` (out, in, 3, 3) and, unless undefined, `bias` (out), padding 1, in
/// bfloat16. Forward pass and gradient of x are oneDNN's; the gradient of the weight, for which oneDNN needs three to
/// five times as long where images are small, is a matrix product over all pixels, summed in float32 and not rounded
/// after. The result does not depend on the number of threads.
torch::Tensor convolve_with_quick_gradient(const torch::Tensor& x, const torch::Tensor& weight,
                                           const torch::Tensor& bias);

}  // namespace torchwright
