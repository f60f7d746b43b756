#pragma once

#include <torch/torch.h>

#include <vector>

namespace torchwright {

/// L2 norm of all gradients taken together; parameters without one count as zero. On the CPU summed in float64 and
/// there at once; elsewhere one float32 on the device, without waiting for it.
torch::Tensor gradient_norm(const std::vector<torch::Tensor>& parameters, const torch::Device& device);

}  // namespace torchwright
