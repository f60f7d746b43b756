#pragma once

#include "engine/layers/module.h"

namespace torchwright {

/// Fills every parameter of the plan's layers: by the layer's rules where one fits, else as PyTorch initialises
/// that layer. Parameters must be on the CPU; random numbers come from `generator` in the order of the plan.
void initialise_parameters(const PlanNode& root, ParameterStore& store, torch::Generator& generator);

}  // namespace torchwright
