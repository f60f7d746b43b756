#pragma once

#include <torch/torch.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/figures/meter.h"
#include "engine/formats/safetensors.h"
#include "engine/layers/module.h"
#include "engine/optimizers/optimizer.h"
#include "engine/training/epoch.h"

namespace torchwright {

/// What the schedules say of one step.
struct StepRates {
  LearningRates network;
  LearningRates discriminator;  // only read where there is a discriminator
  double look_ahead_share = 0;  // of the weights that goes into the slow ones; 0: the step is none that looks ahead
};

/// One kind of training: what a step is, and what it keeps beside the network's weights. A step has two halves, between
/// which the gradients can be looked at.
class TrainingStep {
 public:
  virtual ~TrainingStep() = default;

  virtual std::int64_t batches_per_epoch() const = 0;
  virtual Task task() const = 0;

  /// The first half: the gradients of the epoch's next batches, up to `Plan::accumulate` of them. Their figures go into
  /// the epoch's meter, and its `batch` moves on. false where a loss is not finite, which is noticed at once on the CPU
  /// only: then there are no gradients, and the weights are those before the step.
  virtual bool compute_gradients(Epoch& epoch, const StepRates& rates) = 0;

  /// Those whose gradients are there now, for figures of the step; null in a kind of training that has no such figures.
  virtual const std::vector<torch::Tensor>* measured_parameters() const { return nullptr; }

  /// The second half: the optimizer's step. No gradients are left.
  virtual void update(const StepRates& rates) = 0;

  /// Optimizers and the like by name, for checkpoints.
  virtual NamedTensors state() const = 0;
  /// Takes its part back of what `state` gave; throws EngineFailure `badData` where something is missing or of another
  /// shape.
  virtual void load_state(const std::map<std::string, torch::Tensor>& state) = 0;

  /// Networks beside the one that is trained, by the name of their file in a checkpoint.
  virtual std::vector<std::pair<std::string, ParameterStore*>> other_networks() { return {}; }
};

}  // namespace torchwright
