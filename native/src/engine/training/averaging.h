#pragma once

#include "engine/formats/safetensors.h"
#include "engine/layers/module.h"
#include "engine/plan/plan.h"

namespace torchwright {

/// A second set of weights beside those that are trained: their average. As torch.optim.swa_utils.AveragedModel: the
/// first weights are copied, then
///   swa: average + (weights - average) / (n + 1)       n: those that are in it
///   ema: decay * average + (1 - decay) * weights
/// or, with `lookahead` (Zhang et al. 2019, arXiv 1907.08610), slow weights: copied before the first step, and every
/// few steps a share of the weights goes into them and they go back into the weights.
class WeightAverage {
 public:
  WeightAverage(AveragingSettings settings, ParameterStore& store) : settings_(std::move(settings)), store_(store) {}

  /// The weights as they are now join the average.
  void add();

  /// Of `lookahead`: slow + (weights - slow) * share, which the weights then are too; also running statistics, where
  /// they are averaged.
  void look_ahead(double share);

  bool exists() const { return count_ > 0; }

  /// Whether the statistics of batch norms must be recomputed before the averaged network can be used.
  bool needs_statistics() const { return needs_statistics_; }
  void statistics_recomputed() { needs_statistics_ = false; }

  /// Puts the averaged weights and buffers in the place of the network's, and these here; a second time: back.
  void swap();

  /// The averaged network by PyTorch's names.
  NamedTensors tensors() const;

  /// For checkpoints: `weights.NAME` for each of `tensors`, and `position`; nothing where there is no average.
  NamedTensors state() const;
  /// Takes back what `state` gave; throws EngineFailure `badData` where `source` lacks something.
  void load_state(const std::map<std::string, torch::Tensor>& state, const std::string& source);

 private:
  const AveragingSettings settings_;
  ParameterStore& store_;
  std::int64_t count_ = 0;
  bool needs_statistics_ = false;
  /// In the store's order.
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> buffers_;
};

/// While it lives the network has its averaged weights.
class AveragedWeights {
 public:
  explicit AveragedWeights(WeightAverage& average) : average_(average) { average_.swap(); }
  ~AveragedWeights() { average_.swap(); }
  AveragedWeights(const AveragedWeights&) = delete;
  AveragedWeights& operator=(const AveragedWeights&) = delete;

 private:
  WeightAverage& average_;
};

}  // namespace torchwright
