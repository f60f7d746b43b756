#pragma once

#include <torch/torch.h>

#include "plan.h"

namespace torchwright {

/// A recipe's loss over class labels.
class Loss {
 public:
  Loss(const LossSettings& settings, std::int64_t classes, const torch::Device& device);

  /// Mean over the batch. output: [batch, classes]; labels: int64 [batch]. MSE and BCE compare with one-hot targets.
  torch::Tensor operator()(const torch::Tensor& output, const torch::Tensor& labels) const;

  /// output as probabilities of the classes: softmax, exp or sigmoid, whichever the loss implies.
  torch::Tensor probabilities(const torch::Tensor& output) const;

 private:
  std::string type_;
  std::int64_t classes_;
  double label_smoothing_;
  torch::Tensor class_weights_;
};

}  // namespace torchwright
