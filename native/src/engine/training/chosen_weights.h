#pragma once

#include <optional>

#include "engine/training/training_context.h"

namespace torchwright {

/// As the last step left them, or their average over the training.
enum class WeightsName { last, averaged };

/// While it lives the network has the weights asked for, and afterwards those of the last step again.
class ChosenWeights {
 public:
  /// Averaged weights may need statistics of batch norms, computed once over an epoch of training batches. Throws
  /// EngineFailure `notFound` where there is no average.
  ChosenWeights(TrainingContext& context, WeightsName weights);

  /// false where computing the statistics was interrupted: the network is then not to be used. The interruption stays
  /// for the caller to set back.
  bool are_ready() const { return are_ready_; }

 private:
  std::optional<AveragedWeights> averaged_;
  bool are_ready_ = true;
};

}  // namespace torchwright
