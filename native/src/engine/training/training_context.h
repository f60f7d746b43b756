#pragma once

#include <torch/torch.h>

#include <atomic>
#include <functional>
#include <memory>

#include "engine/data/data_splits.h"
#include "engine/network/network.h"
#include "engine/plan/plan.h"
#include "engine/training/averaging.h"

namespace torchwright {

/// How something that takes long reports where it is; empty: nobody asks. Called on the thread that does the work.
template <typename Progress>
using Report = std::function<void(const Progress&)>;

constexpr double kSecondsBetweenReports = 0.1;

/// What all parts of one training share: plan, network, data, average and random numbers. The parts refer to it, so it
/// outlives them. Everything belongs to the thread that made it, since libtorch keeps its number of threads and its
/// gradient mode per thread; only `interrupted` may be set from any.
struct TrainingContext {
  /// Reads the data and draws the network's weights. Throws EngineFailure: `badProject`, `badNetwork`, `badData`,
  /// `notFound`, `noDevice`.
  explicit TrainingContext(Plan plan);
  TrainingContext(const TrainingContext&) = delete;
  TrainingContext& operator=(const TrainingContext&) = delete;

  /// images: [batch, …] as a BatchSource makes them. The output in float32, whatever it was computed in.
  torch::Tensor forward(const torch::Tensor& images, bool training);

  /// Positions of an epoch that are trained: all, or those of whole batches.
  std::int64_t training_positions() const;

  ParameterStore& store() { return network->store(); }

  const Plan plan;
  const torch::Device device;
  const torch::ScalarType precision;
  torch::Generator generator;  // CPU: initial weights, order, augmentation, dropout
  std::unique_ptr<Network> network;
  bool channels_last = false;              // how images and the weights of convolutions lie in memory
  std::unique_ptr<WeightAverage> average;  // null: none is asked for
  std::unique_ptr<const DataSplits> data;

  /// Asks whatever is under way to return within a step or a batch. Whoever returns for it sets it back.
  std::atomic<bool> interrupted = false;
};

}  // namespace torchwright
