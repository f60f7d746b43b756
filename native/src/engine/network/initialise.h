#pragma once

#include "engine/layers/module.h"
#include "engine/network/initialisers.h"

namespace torchwright {

/// Fills every parameter of the plan's layers: by the layer's rules where one fits, else as PyTorch initialises
/// that layer. Parameters must be on the CPU; random numbers come from `generator` in the order of the plan.
/// What a rule takes from training samples begins as if there were no rule, until it is given samples.
void initialise_parameters(const PlanNode& root, ParameterStore& store, torch::Generator& generator);

/// Fills what rules of the plan take from training samples. Parameters may be on any device.
void initialise_from_samples(const PlanNode& root, ParameterStore& store, const TrainingSamples& training);

}  // namespace torchwright
