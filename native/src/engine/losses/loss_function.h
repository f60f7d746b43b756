#pragma once

#include <torch/torch.h>

#include <functional>
#include <string>
#include <vector>

#include "engine/plan/plan.h"

namespace torchwright {

using Tensors = std::vector<torch::Tensor>;

/// A loss by its name over the tensors that torch.nn.functional takes: what the gradients are taken of (one tensor, two
/// of a pair, three of a triplet), and what it is compared with (labels, numbers, 1 and -1; for CTC the labels, the
/// lengths of the inputs and those of the labels). Options are those of core/project/loss.ts, defaults PyTorch's.
class LossFunction {
 public:
  /// Throws EngineFailure `badProject` for an unknown name.
  LossFunction(const LossSettings& settings, const torch::Device& device);

  /// Throws EngineFailure `badUsage` for another number of tensors than it takes.
  torch::Tensor operator()(const Tensors& inputs, const Tensors& targets) const;

  const std::string& type() const { return type_; }

 private:
  std::string type_;
  std::size_t inputs_ = 1;
  std::size_t targets_ = 1;
  std::function<torch::Tensor(const Tensors& inputs, const Tensors& targets)> compute_;
};

}  // namespace torchwright
