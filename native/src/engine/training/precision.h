#pragma once

#include <torch/torch.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/formats/safetensors.h"
#include "engine/plan/plan.h"

namespace torchwright {

/// float32, bfloat16 or float16. Throws EngineFailure `badProject` for float16 on the CPU, which has no fast
/// arithmetic for it.
torch::ScalarType find_precision(const std::string& name, const torch::Device& device);

/// While it lives, libtorch computes each operation of this thread in the precision that suits it: products and
/// convolutions in `precision`, what needs the range in float32 (torch.autocast's lists). Weights stay float32 and are
/// converted once. With float32 it does nothing.
class MixedPrecision {
 public:
  MixedPrecision(torch::DeviceType device, torch::ScalarType precision);
  ~MixedPrecision();
  MixedPrecision(const MixedPrecision&) = delete;
  MixedPrecision& operator=(const MixedPrecision&) = delete;

 private:
  torch::DeviceType device_;
  torch::ScalarType precision_;
};

/// Small gradients would be zero in float16: the loss is multiplied by a scale before the backward pass, and the
/// gradients divided by it after it. A step whose gradients are not finite is left out. Without a fixed scale it is
/// halved then, and doubled after 2,000 good steps in a row, beginning with 65,536, as torch.amp.GradScaler does.
class LossScaler {
 public:
  /// Scales in float16 only.
  LossScaler(torch::ScalarType precision, std::optional<double> fixed, const torch::Device& device);

  torch::Tensor scale(const torch::Tensor& loss) const { return scale_.defined() ? loss * scale_ : loss; }

  /// Divides the gradients; whether all of them are finite, and the step may be taken.
  bool unscale(const std::vector<torch::Tensor>& parameters);

  /// For checkpoints; empty where nothing is scaled.
  NamedTensors state() const;
  void load_state(const std::map<std::string, torch::Tensor>& tensors);

 private:
  bool is_fixed_;
  torch::Tensor scale_;  // float32, one number; undefined where nothing is scaled
  torch::Tensor growth_tracker_;
};

}  // namespace torchwright
