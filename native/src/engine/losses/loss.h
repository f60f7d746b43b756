#pragma once

#include <torch/torch.h>

#include <optional>

#include "engine/losses/loss_function.h"
#include "engine/plan/plan.h"

namespace torchwright {

/// A recipe's loss over class labels, which are compared as the loss needs them, or over the targets of a regression.
class Loss {
 public:
  /// `classes`: 0 for a regression. Throws EngineFailure `badProject` for a loss that is not known.
  Loss(const LossSettings& settings, std::int64_t classes, const torch::Device& device);

  /// One number, by the recipe's reduction over the batch. Throws EngineFailure `badNetwork` where the shapes do not
  /// fit. output: [batch, classes]; labels: int64 [batch], or float [batch, targets] as the output then is.
  torch::Tensor operator()(const torch::Tensor& output, const torch::Tensor& labels) const;

  /// What is reported of a batch's loss: a mean over the samples also where the recipe's loss is their sum, so that the
  /// figure does not depend on the size of the batch.
  torch::Tensor reported(const torch::Tensor& loss, const torch::Tensor& labels) const;

  /// By how much a batch counts in the mean of several: the weights of its samples' classes, without those that are
  /// ignored, added up, which is what torch.nn.CrossEntropyLoss divides by. One number; undefined where every sample
  /// counts as one.
  torch::Tensor weight(const torch::Tensor& labels) const;

  /// output as probabilities of the classes: softmax, exp or sigmoid, whichever the loss implies. With a loss over
  /// numbers these are what is to be 1 for the class and 0 for the others, and may be of any size; of a regression,
  /// what it predicts.
  torch::Tensor probabilities(const torch::Tensor& output) const;

 private:
  void require_fitting(const torch::Tensor& output, const torch::Tensor& labels) const;
  torch::Tensor target_of(const torch::Tensor& output, const torch::Tensor& labels) const;

  LossFunction function_;
  std::optional<LossFunction> sum_;  // of a mean whose samples do not all count as one
  torch::Tensor class_weights_;      // float [classes]; with sum_
  std::int64_t ignored_ = -1;        // with sum_; no class has it where none is ignored
  std::int64_t classes_;
  bool is_sum_;
  bool is_rate_log_;  // PoissonNLL
};

}  // namespace torchwright
