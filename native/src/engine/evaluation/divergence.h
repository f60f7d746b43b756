#pragma once

#include <torch/torch.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/layers/module.h"

namespace torchwright {

/// What is not finite where a loss is not. It is looked for afterwards: training itself pays nothing for it.
struct Divergence {
  std::vector<std::string> parameters;  // names, as in the state dict; of a generator and its discriminator alike
  std::vector<std::string> buffers;     // likewise; only of an evaluation, which normalises with them
  std::vector<std::int64_t> samples;    // of the split, from 0: those with such an input value, in the batch inspected
  std::vector<std::int64_t> targets;    // likewise: those with such a target
  std::optional<ModuleAddress> layer;   // the first in the order of computing whose output is not finite
  std::optional<double> largest;        // absolute value of the network's output, if all of it is finite
  bool loss_is_finite = true;           // computed once more: dropout may have been drawn otherwise
};

bool all_finite(const torch::Tensor& tensor);

/// Names of the tensors that are not finite.
template <typename Named>
std::vector<std::string> not_finite(const std::vector<Named>& tensors) {
  std::vector<std::string> names;
  for (const Named& each : tensors) {
    if (!all_finite(each.tensor)) names.push_back(each.name);
  }
  return names;
}

/// The first module of a trace that gave something that is not finite.
std::optional<ModuleAddress> first_not_finite(const std::vector<TracedModule>& trace);

/// Numbers of the rows of the first dimension that are not finite.
std::vector<std::int64_t> rows_not_finite(const torch::Tensor& tensor);

}  // namespace torchwright
