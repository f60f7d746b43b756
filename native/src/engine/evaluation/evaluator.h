#pragma once

#include <optional>

#include "engine/evaluation/divergence.h"
#include "engine/evaluation/predictor.h"
#include "engine/figures/meter.h"

namespace torchwright {

struct EvaluateOutcome {
  double loss = 0;       // not finite where a batch's was not
  FigureValues figures;  // of the batches whose loss was finite
  std::int64_t samples = 0;
  bool interrupted = false;
  std::optional<Predictions> predictions;  // of every sample; not of an adversarial training
};

/// Figures of a split with nothing learnt: one implementation a kind of training.
class Evaluator {
 public:
  virtual ~Evaluator() = default;

  /// Over the whole split, or until interrupted. Throws EngineFailure `notFound` where there are no averaged weights.
  virtual EvaluateOutcome evaluate(SplitName split, WeightsName weights) = 0;

  /// Why the loss of the last training or evaluation was not finite: computes the batch once more. Changes running
  /// statistics and generators: there is to be no training afterwards.
  virtual Divergence find_divergence(SplitName split, WeightsName weights) = 0;
};

}  // namespace torchwright
