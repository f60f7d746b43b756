#pragma once

#include <string>
#include <vector>

#include "engine/runtime/step_profile.h"
#include "engine/training/trainer.h"

namespace torchwright {

struct ProfileRequest {
  double learning_rate = 0;
  double discriminator_rate = 0;
  std::int64_t warm_up = 0;  // steps that are not measured
  std::int64_t steps = 1;    // to profile; as many are taken without a profile, in turn
  std::int64_t least_steps = 1;
  double max_seconds = 0;  // ends then, but not before the least number of steps
};

struct StepTimes {
  std::vector<StepProfile::Row> rows;
  std::vector<double> profiled_seconds;  // of whole steps
  std::vector<double> plain_seconds;     // of steps in between that were not profiled
  std::string state;                     // finished, interrupted or diverged
};

/// Trains real steps and tells where their time goes. Nothing is put back: the session is for this alone.
class StepProfiler {
 public:
  StepProfiler(TrainingContext& context, Trainer& trainer);

  StepTimes profile(const ProfileRequest& request);

 private:
  bool take_step(const StepRates& rates);

  TrainingContext& context_;
  Trainer& trainer_;
  std::optional<Epoch> epoch_;
};

}  // namespace torchwright
