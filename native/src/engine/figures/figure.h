#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/losses/loss.h"
#include "engine/plan/plan.h"

namespace torchwright {

/// What a training is for: which figures it has depends on it.
enum class Task { classification, regression, adversarial };

/// Of a supervised training.
Task supervised_task(const Plan& plan);

/// One batch, and what was computed of it. All tensors lie on one device.
struct MeasuredBatch {
  torch::Tensor loss;            // one number; of an adversarial training the discriminator's
  torch::Tensor output;          // of a supervised training: float [batch, classes or targets]
  torch::Tensor labels;          // likewise: int64 [batch], of a regression float [batch, targets]
  torch::Tensor generator_loss;  // of an adversarial training: one number
  std::int64_t samples = 0;
  torch::Tensor weight = {};  // of the loss in a mean of several batches: one number; undefined: that of samples
};

/// Of a supervised training.
MeasuredBatch measured(const Loss& loss, const torch::Tensor& value, const torch::Tensor& output,
                       const torch::Tensor& labels);

/// A figure of an epoch's samples: a mean of numbers of its batches, unless it says otherwise.
class EpochFigure {
 public:
  virtual ~EpochFigure() = default;

  /// One number of a batch, on the batch's device; nothing waits for it.
  virtual torch::Tensor measure(const MeasuredBatch& batch) const = 0;
  /// Takes the number of a batch of so many samples, whose losses have such a weight, once it is here.
  virtual void update(double number, std::int64_t samples, double weight);
  /// Of all batches taken; 0 if there are none.
  virtual double value() const;
  /// Whether a number that is not finite means that the training has diverged.
  virtual bool shows_divergence() const { return false; }
  /// Whether the numbers of single batches are kept and reported, as losses are.
  virtual bool keeps_batches() const { return false; }

  /// In the order of the batches; empty unless they are kept.
  const std::vector<float>& batches() const { return batches_; }

  /// Everything as one double tensor on the CPU, and back. Throws EngineFailure `badData` for another kind of tensor.
  torch::Tensor state() const;
  void load_state(const torch::Tensor& state);

 protected:
  double sum_ = 0;
  double weight_ = 0;  // of the samples' losses
  std::int64_t samples_ = 0;
  std::int64_t count_ = 0;  // of batches

 private:
  friend class Meter;
  void take(double number, std::int64_t samples, double weight);

  std::vector<float> batches_;
};

struct NamedFigure {
  std::string name;  // as core/figures has it
  std::unique_ptr<EpochFigure> figure;
};

/// Fresh figures of an epoch of such a training; the loss is the first. of_epochs.cpp.
std::vector<NamedFigure> figures_of(Task task);

/// A figure of a single step.
struct StepFigure {
  const char* name;  // as core/figures has it
  /// One number on the device, of parameters that have their gradients; nothing waits for it.
  torch::Tensor (*measure)(const std::vector<torch::Tensor>& parameters, const torch::Device& device);
};

/// of_steps.cpp.
const std::vector<StepFigure>& step_figures();

/// Values by name, as core/figures has it.
using FigureValues = std::vector<std::pair<std::string, double>>;

}  // namespace torchwright
