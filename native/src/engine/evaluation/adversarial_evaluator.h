#pragma once

#include "engine/evaluation/evaluator.h"
#include "engine/training/adversary.h"

namespace torchwright {

/// By the losses of both networks on images of the split and as many made ones, the same every time. There are no
/// averaged weights.
class AdversarialEvaluator : public Evaluator {
 public:
  AdversarialEvaluator(TrainingContext& context, Adversary& adversary);

  EvaluateOutcome evaluate(SplitName split, WeightsName weights) override;

  /// Of both networks' parameters only.
  Divergence find_divergence(SplitName split, WeightsName weights) override;

 private:
  TrainingContext& context_;
  Adversary& adversary_;
};

}  // namespace torchwright
