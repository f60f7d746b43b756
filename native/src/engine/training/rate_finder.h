#pragma once

#include <string>
#include <vector>

#include "engine/training/supervised_step.h"
#include "engine/training/trainer.h"

namespace torchwright {

struct FindRateRequest {
  std::vector<double> learning_rates;         // one a step, from the lowest to the highest
  std::vector<std::size_t> untrained_groups;  // places in the plan of groups of parameters that stay as they are
  double smoothing = 0;                       // share of the past in the smoothed loss
  double cut_off = 0;                         // ends where the smoothed loss is so many times the least one
};

/// Losses of the steps taken, fewer than rates where it ended early.
struct RateFinding {
  std::vector<double> losses;
  std::vector<double> smoothed;
  std::string state;  // finished, cutOff, diverged or interrupted
};

/// Finds a learning rate by training with ever higher ones (Smith 2017, "Cyclical learning rates", section 3.3).
class RateFinder {
 public:
  /// `step`: the trainer's.
  RateFinder(TrainingContext& context, Trainer& trainer, SupervisedStep& step);

  /// Trains with a rate for each step, then puts everything back to the last bit: weights, optimizer, average,
  /// position, order and generators, also where it throws. `report` is called about ten times a second.
  RateFinding find(const FindRateRequest& request, const Report<RateFinding>& report);

 private:
  RateFinding sweep(const FindRateRequest& request, const Report<RateFinding>& report);

  TrainingContext& context_;
  Trainer& trainer_;
  SupervisedStep& step_;
};

}  // namespace torchwright
