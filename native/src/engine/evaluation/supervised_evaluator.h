#pragma once

#include "engine/evaluation/evaluator.h"
#include "engine/training/trainer.h"

namespace torchwright {

/// By the recipe's loss, with accuracy or errors, and what is predicted of every sample.
class SupervisedEvaluator : public Evaluator {
 public:
  /// `trainer` says which batch a training stopped at.
  SupervisedEvaluator(TrainingContext& context, const Loss& loss, Predictor& predictor, const Trainer& trainer);

  EvaluateOutcome evaluate(SplitName split, WeightsName weights) override;
  Divergence find_divergence(SplitName split, WeightsName weights) override;

 private:
  bool inspect_batch(const Batch& batch, const torch::Tensor& order, bool training, Divergence& found);
  void inspect_training(Divergence& found);
  void inspect_evaluation(SplitName split, Divergence& found);

  TrainingContext& context_;
  const Loss& loss_;
  Predictor& predictor_;
  const Trainer& trainer_;
};

}  // namespace torchwright
