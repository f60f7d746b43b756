#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace torchwright {

/// Whether `max_pool_of_blocks` takes x: (batch, channels, height, width) in float32 or bfloat16 on the CPU,
/// channels-last; at most 255 pixels a window, and no more than the image has.
bool suits_max_pool_of_blocks(const torch::Tensor& x, const std::vector<std::int64_t>& kernel);

/// torch.max_pool2d of x with a stride of the kernel's size and no padding, so that no pixel lies in two windows: the
/// same values and gradients to the last bit, of equal ones the first in its window, and what is not a number before
/// any number. It remembers one byte for each output, and its backward pass writes each pixel once.
torch::Tensor max_pool_of_blocks(const torch::Tensor& x, const std::vector<std::int64_t>& kernel);

}  // namespace torchwright
