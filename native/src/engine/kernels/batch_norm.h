#pragma once

#include <torch/torch.h>

namespace torchwright {

/// Batch normalisation (Ioffe and Szegedy 2015) with the statistics of the batch, as while training. x: [batch,
/// channels, …], everything else [channels]. Updates `running_mean` and
/// `running_variance` by `factor` where they are defined; weight and bias may be undefined. For channels-last images on
/// the CPU by kernels of our own: libtorch's add a channel's values up one after another in float32, which for 125
/// images of 32 x 32 is wrong in the fourth digit (its kernels for the other layout are right to the seventh).
torch::Tensor batch_norm_of_batch(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
                                  torch::Tensor running_mean, torch::Tensor running_variance, double factor,
                                  double eps);

/// While it lives, batch norms that are trained on this thread give all batches seen the same share in their running
/// statistics: momentum None of PyTorch, as torch.optim.swa_utils.update_bn has it.
class CumulativeStatistics {
 public:
  CumulativeStatistics() { is_on_ = true; }
  ~CumulativeStatistics() { is_on_ = false; }
  CumulativeStatistics(const CumulativeStatistics&) = delete;
  CumulativeStatistics& operator=(const CumulativeStatistics&) = delete;

  static bool is_on() { return is_on_; }

 private:
  static thread_local bool is_on_;
};

}  // namespace torchwright
