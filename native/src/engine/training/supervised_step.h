#pragma once

#include <memory>
#include <vector>

#include "engine/losses/loss.h"
#include "engine/optimizers/optimizer.h"
#include "engine/training/precision.h"
#include "engine/training/training_context.h"
#include "engine/training/training_step.h"

namespace torchwright {

/// Learning from labels or targets: the loss of a few batches, its gradients, one step of the optimizer.
class SupervisedStep : public TrainingStep {
 public:
  /// Throws EngineFailure `badProject` for an optimizer or a loss that the engine does not know.
  explicit SupervisedStep(TrainingContext& context);

  std::int64_t batches_per_epoch() const override;
  Task task() const override;
  bool compute_gradients(Epoch& epoch, const StepRates& rates) override;
  const std::vector<torch::Tensor>* measured_parameters() const override;
  void update(const StepRates& rates) override;
  NamedTensors state() const override;
  void load_state(const std::map<std::string, torch::Tensor>& state) override;

  void forget_gradients();
  const Loss& loss() const { return loss_; }

 private:
  torch::Tensor compute_loss(const torch::Tensor& output, const torch::Tensor& labels) const;
  double evaluate_again();
  bool looks_ahead() const;

  TrainingContext& context_;
  Loss loss_;
  LossScaler scaler_;
  std::unique_ptr<Optimizer> optimizer_;

  // Of the step under way.
  std::vector<Batch> batches_;        // kept for an optimizer that evaluates them again
  double mean_loss_ = 0;              // likewise
  bool gradients_are_finite_ = true;  // else a float16 step is left out
};

}  // namespace torchwright
