#pragma once

#include <initializer_list>
#include <memory>
#include <string>

#include "engine/optimizers/optimizer.h"

namespace torchwright {

/// Makes an optimizer known to `make_optimizer`: a constant in the optimizer's own file, so that no list names it. The
/// file says its source. Options are PyTorch's, by PyTorch's names; the plan has all of them.
class RegisteredOptimizer {
 public:
  /// Throws EngineFailure `badProject` for a parameter that the network has not.
  using Make = std::unique_ptr<Optimizer> (*)(const OptimizerSettings& settings, const ParameterStore& store);

  RegisteredOptimizer(std::initializer_list<std::string> types, Make make);
};

/// `types`: the plan's names of it.
template <typename Kind>
RegisteredOptimizer registered_as(std::initializer_list<std::string> types) {
  return {types, [](const OptimizerSettings& settings, const ParameterStore& store) -> std::unique_ptr<Optimizer> {
            return std::make_unique<Kind>(settings, store);
          }};
}

}  // namespace torchwright
