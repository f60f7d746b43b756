#pragma once

#include <torch/torch.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/figures/figure.h"
#include "engine/formats/safetensors.h"

namespace torchwright {

/// The figures of an epoch, and those of a step now and then. On the CPU every batch is read at once. Elsewhere they
/// stay on the device: a row a batch with a number a figure, fetched by a copy that is waited for only when the epoch
/// is over.
class Meter {
 public:
  Meter() = default;
  Meter(std::int64_t batches, const torch::Device& device, Task task);

  /// Whether training can go on: on the CPU false if the loss is not finite. Of a supervised training nothing is
  /// recorded then.
  bool add(const MeasuredBatch& batch);

  /// Measures the figures of a step, of parameters that have their gradients.
  void measure_step(const std::vector<torch::Tensor>& parameters);

  /// Brings what was measured on the device here: at once if `wait`, else as far as earlier copies have arrived.
  void fetch(bool wait);

  std::int64_t samples() const { return samples_; }  // of the batches that are fetched
  double loss() const;
  /// Of those samples in the mean of their losses: 0 where none of them counts.
  double weight() const { return weight_; }
  FigureValues values() const;

  /// The last ones fetched: elsewhere than on the CPU they may be a report older than the last ones measured; empty
  /// before the first. They are no part of the state: a resumed epoch measures its own.
  const FigureValues& step_values() const { return step_values_; }

  /// Of single batches, in order; empty if the figure does not exist or keeps none.
  std::vector<float> batches(const std::string& figure) const;

  /// Index of the first batch with a number that is not finite and should be, among those fetched.
  std::optional<std::int64_t> diverged_at() const { return diverged_at_; }

  /// A double tensor on the CPU for each figure, by its name, and back. Call fetch(true) before.
  NamedTensors state() const;
  /// Throws EngineFailure `badData` where it is damaged.
  void load_state(const std::map<std::string, torch::Tensor>& state);
  /// Of a state that was written before figures had names: one tensor.
  void load_older_state(const torch::Tensor& state);

 private:
  void take(const std::vector<double>& numbers, std::int64_t samples, double weight);
  void went_on_from(const EpochFigure& loss);

  torch::Device device_ = torch::kCPU;
  Task task_ = Task::classification;
  std::vector<NamedFigure> figures_;
  torch::Tensor rows_;                       // device: [batches, figures + 1]
  torch::Tensor arrived_;                    // pinned: copy under way
  std::vector<torch::Tensor> step_;          // device: the last step's figures, if they are not fetched
  std::vector<torch::Tensor> arrived_step_;  // pinned: copy under way, if one of them is
  std::optional<c10::Event> copied_;
  std::int64_t copy_end_ = 0;
  std::int64_t added_ = 0;
  std::int64_t taken_ = 0;
  std::vector<std::int64_t> batch_samples_;
  std::int64_t samples_ = 0;
  double weight_ = 0;
  std::optional<std::int64_t> diverged_at_;
  FigureValues step_values_;
};

}  // namespace torchwright
