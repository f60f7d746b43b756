#include "engine/evaluation/divergence.h"

namespace torchwright {

using torch::Tensor;

bool all_finite(const Tensor& tensor) {
  return !tensor.is_floating_point() || tensor.numel() == 0 || tensor.isfinite().all().item<bool>();
}

std::optional<ModuleAddress> first_not_finite(const std::vector<TracedModule>& trace) {
  for (const TracedModule& module : trace) {
    for (const Tensor& output : module.outputs) {
      if (!all_finite(output)) return module.address;
    }
  }
  return std::nullopt;
}

std::vector<std::int64_t> rows_not_finite(const Tensor& tensor) {
  if (all_finite(tensor)) return {};
  const Tensor rows = tensor.isfinite().logical_not().flatten(1).any(1).nonzero().flatten().cpu();
  return {rows.data_ptr<std::int64_t>(), rows.data_ptr<std::int64_t>() + rows.numel()};
}

}  // namespace torchwright
