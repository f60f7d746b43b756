#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/training/training_context.h"
#include "engine/training/training_step.h"

namespace torchwright {

struct EpochProgress {
  std::int64_t step = 0;  // optimizer steps done in this epoch
  std::int64_t steps = 0;
  std::int64_t samples = 0;
  double samples_per_second = 0;  // since the last report
  FigureValues figures;           // of the samples of this epoch so far
  FigureValues step_figures;      // the last ones measured; see Trainer::train
};

/// Of a group of parameters whose rates are not the optimizer's times a factor.
struct GroupRates {
  std::size_t group = 0;      // its place in the plan
  std::vector<double> rates;  // one an optimizer step of the whole epoch; empty: it is not trained in this epoch
};

struct TrainRequest {
  std::vector<double> learning_rates;       // one an optimizer step of the whole epoch
  std::vector<double> discriminator_rates;  // likewise; empty: the same
  std::vector<GroupRates> group_rates;
  std::vector<GroupRates> discriminator_group_rates;
  std::vector<double> look_ahead_shares;  // of `lookahead`, one an optimizer step; empty: none
  std::optional<double> max_seconds;
  std::optional<std::int64_t> max_steps;
  bool average = false;  // the weights that the epoch ends with join the average; `ema` and `lookahead` ask nobody
};

struct TrainOutcome {
  EpochProgress progress;
  std::string state;   // finished, paused, interrupted or diverged
  double seconds = 0;  // spent in this epoch, all calls together
  std::vector<float> batch_losses;
  std::vector<float> generator_losses;  // of an adversarial training
};

/// Where a training is and how it goes on: epochs, their order, and the steps of whatever kind of training it is given.
class Trainer {
 public:
  Trainer(TrainingContext& context, std::unique_ptr<TrainingStep> step);

  /// Starts an epoch, or goes on with the one begun. `report` is called about ten times a second, and more often in the
  /// first second of the session. Figures of steps are measured at those that are reported, and at the last one of the
  /// epoch or of `max_steps`.
  TrainOutcome train(const TrainRequest& request, const Report<EpochProgress>& report);

  /// Optimizer steps.
  std::int64_t steps_per_epoch() const;

  /// A fresh epoch, in an order drawn from the context's generator, with no state carried from before. It is the
  /// caller's: the one under way stays.
  Epoch begin_epoch();

  /// The epoch under way; null between epochs.
  const Epoch* epoch() const { return epoch_ ? &*epoch_ : nullptr; }

  TrainingStep& step() { return *step_; }

  /// All that training changes beside the weights, by name: optimizers, average, generators, the epoch under way.
  NamedTensors state() const;
  /// Takes back what `state` gave. Throws EngineFailure `badData`, naming `source`, where something is missing or
  /// belongs to another network or data set.
  void load_state(const std::map<std::string, torch::Tensor>& state, const std::string& source);

 private:
  std::int64_t samples_to(std::int64_t batch) const;
  EpochProgress progress(std::int64_t samples_before, double seconds) const;

  TrainingContext& context_;
  std::unique_ptr<TrainingStep> step_;
  std::optional<Epoch> epoch_;
  FlipTurn flip_turn_;  // of the epoch that is begun next
  std::int64_t reports_ = 0;
};

}  // namespace torchwright
