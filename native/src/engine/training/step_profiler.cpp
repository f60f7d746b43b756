#include "engine/training/step_profiler.h"

#include <torch/cuda.h>

#include "engine/runtime/stopwatch.h"

namespace torchwright {

StepProfiler::StepProfiler(TrainingContext& context, Trainer& trainer) : context_(context), trainer_(trainer) {}

StepTimes StepProfiler::profile(const ProfileRequest& request) {
  StepProfile profile(context_.device);
  StepTimes times;
  times.state = "finished";
  const StepRates rates{{request.learning_rate}, {request.discriminator_rate}};
  const Stopwatch since_start;
  bool is_finite = true;
  for (std::int64_t step = 0; step < request.warm_up + request.steps; ++step) {
    const std::int64_t measured = step - request.warm_up;
    if (measured >= request.least_steps && since_start.seconds() >= request.max_seconds) break;
    if (context_.interrupted.exchange(false)) {
      times.state = "interrupted";
      break;
    }
    const Stopwatch plain;
    is_finite = take_step(rates);
    if (context_.device.is_cuda()) torch::cuda::synchronize(context_.device.index());
    if (measured >= 0) {
      times.plain_seconds.push_back(plain.seconds());
      if (is_finite) profile.measure([&] { is_finite = take_step(rates); });
    }
    if (!is_finite) {
      times.state = "diverged";
      break;
    }
  }
  times.rows = profile.rows();
  times.profiled_seconds = profile.step_seconds();
  return times;
}

/// false: a loss is not finite.
bool StepProfiler::take_step(const StepRates& rates) {
  TrainingStep& step = trainer_.step();
  if (!epoch_ || epoch_->batch >= step.batches_per_epoch()) epoch_ = trainer_.begin_epoch();
  if (!step.compute_gradients(*epoch_, rates)) return false;
  step.update(rates);
  return true;
}

}  // namespace torchwright
