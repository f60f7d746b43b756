#pragma once

#include <torch/torch.h>

namespace torchwright {

/// Inverted dropout (Srivastava et al. 2014): every element of a float tensor of any shape is zero with probability p,
/// else x / (1 - p). The CPU path is our own, since
/// libtorch's serial generator takes a hundred times longer: the mask is a hash of (seed, position), so it is the
/// same for any number of threads and is computed again in the backward pass instead of being stored. The seed is
/// drawn from `generator`. Other devices use libtorch's.
torch::Tensor dropout(const torch::Tensor& x, double p, torch::Generator& generator);

}  // namespace torchwright
