#pragma once

#include <memory>

#include "engine/optimizers/optimizer.h"
#include "engine/training/adversary.h"
#include "engine/training/training_step.h"

namespace torchwright {

/// The iteration in which a discriminator and a generator learn (Goodfellow et al. 2014, algorithm 1; targets for real
/// images below 1: Salimans et al. 2016, section 3.4): one batch of real images and as many generated ones. The first
/// half is the discriminator's whole step and the generator's gradients, which depend on it.
class AdversarialStep : public TrainingStep {
 public:
  AdversarialStep(TrainingContext& context, Adversary& adversary);

  /// An epoch of more iterations than there are batches begins again with the first.
  std::int64_t batches_per_epoch() const override;
  Task task() const override { return Task::adversarial; }
  bool compute_gradients(Epoch& epoch, const StepRates& rates) override;
  void update(const StepRates& rates) override;
  NamedTensors state() const override;
  void load_state(const std::map<std::string, torch::Tensor>& state) override;
  std::vector<std::pair<std::string, ParameterStore*>> other_networks() override;

 private:
  bool compute_losses(const Batch& real, const LearningRates& discriminator_rates, AdversarialLosses& losses);
  void require_discriminator_gradients(bool required);
  std::int64_t batches() const;

  TrainingContext& context_;
  Adversary& adversary_;
  std::unique_ptr<Optimizer> optimizer_;  // the generator's
  std::unique_ptr<Optimizer> discriminator_optimizer_;
};

}  // namespace torchwright
