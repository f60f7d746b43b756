#pragma once

#include <torch/torch.h>

#include <functional>

#include "engine/plan/plan.h"

namespace torchwright {

/// Inputs and outputs of one weight, as torch.nn.init counts them: the receptive field counts for both.
struct Fans {
  double in;
  double out;
};

Fans fans_of(const torch::Tensor& tensor);

/// Samples of the training data, normalised and not augmented, on whatever device.
struct TrainingSamples {
  std::int64_t count;
  std::function<torch::Tensor(std::int64_t first, std::int64_t last)> batch;  // [last - first, …]
};

/// Whether the rule fills from samples and not from random numbers.
bool takes_samples(const InitialiserRule& rule);

/// Fills a tensor by a rule that takes samples. Throws EngineFailure `badNetwork` as below.
void apply_to_samples(const InitialiserRule& rule, torch::Tensor& tensor, const TrainingSamples& training,
                      const PlanNode& layer);

/// Fills a tensor as torch.nn.init's function of that name does. Throws EngineFailure `badNetwork` for an unknown
/// method, and for a tensor that has not the dimensions it needs. `path` is the layer's.
void apply_initialiser(const InitialiserRule& rule, torch::Tensor& tensor, torch::Generator& generator,
                       const std::string& path);

}  // namespace torchwright
