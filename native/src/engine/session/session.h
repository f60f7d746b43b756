#pragma once

#include <memory>
#include <tuple>
#include <type_traits>

#include "engine/evaluation/evaluator.h"
#include "engine/evaluation/predictor.h"
#include "engine/plan/plan.h"
#include "engine/runtime/allocator.h"
#include "engine/training/adversary.h"
#include "engine/training/checkpoint.h"
#include "engine/training/rate_finder.h"
#include "engine/training/step_profiler.h"
#include "engine/training/trainer.h"

namespace torchwright {

/// One training, built from a plan: the parts that fit its kind. Everything but `interrupt` belongs to the thread that
/// made it.
class Session {
 public:
  /// Throws EngineFailure: see TrainingContext, and `badProject` for an optimizer or a loss that is not known.
  explicit Session(Plan plan);

  /// Trainer, Checkpoint, Evaluator, Predictor, RateFinder, StepProfiler, Adversary or const DataSplits. Throws
  /// EngineFailure `badUsage` where this kind of training has no such part.
  template <typename Part>
  Part& part() {
    if constexpr (std::is_same_v<Part, const DataSplits>) {
      return *context_.data;
    } else {
      const auto& found = std::get<std::unique_ptr<std::remove_const_t<Part>>>(parts_);
      if (!found) refuse(found.get());
      return *found;
    }
  }

  TrainingContext& context() { return context_; }

  /// From any thread: whatever is under way returns within a step or a batch.
  void interrupt() { context_.interrupted = true; }

 private:
  using Parts = std::tuple<std::unique_ptr<Trainer>, std::unique_ptr<Checkpoint>, std::unique_ptr<Evaluator>,
                           std::unique_ptr<Predictor>, std::unique_ptr<RateFinder>, std::unique_ptr<StepProfiler>,
                           std::unique_ptr<Adversary>>;

  void add_supervised();
  void add_adversarial();
  template <typename Part>
  Part& add(std::unique_ptr<Part> part);

  [[noreturn]] static void refuse(const void* part);
  [[noreturn]] static void refuse(const Predictor* part);
  [[noreturn]] static void refuse(const RateFinder* part);
  [[noreturn]] static void refuse(const Adversary* part);

  CachedMemory memory_;  // first: it outlives everything that lies in it
  TrainingContext context_;
  Parts parts_;
};

}  // namespace torchwright
