#pragma once

#include <memory>

#include "optimizer.h"

namespace torchwright {

// One a file. Options are PyTorch's, by PyTorch's names.

std::unique_ptr<Optimizer> make_sgd(const OptimizerSettings& settings, const ParameterStore& store);
std::unique_ptr<Optimizer> make_adam(const OptimizerSettings& settings, const ParameterStore& store);  // and AdamW
std::unique_ptr<Optimizer> make_lamb(const OptimizerSettings& settings, const ParameterStore& store);
std::unique_ptr<Optimizer> make_adagrad(const OptimizerSettings& settings, const ParameterStore& store);
std::unique_ptr<Optimizer> make_rmsprop(const OptimizerSettings& settings, const ParameterStore& store);
std::unique_ptr<Optimizer> make_muon(const OptimizerSettings& settings, const ParameterStore& store);
std::unique_ptr<Optimizer> make_lbfgs(const OptimizerSettings& settings, const ParameterStore& store);

}  // namespace torchwright
