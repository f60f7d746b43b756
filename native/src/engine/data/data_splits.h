#pragma once

#include <memory>
#include <vector>

#include "engine/data/batches.h"
#include "engine/plan/plan.h"

namespace torchwright {

enum class SplitName { train, test };

/// The training and the test samples of a plan, and the normalisation of both: value · scale + offset per channel.
class DataSplits {
 public:
  /// Reads both splits. Each goes to the device, unless it is mapped and the device is the CPU or has no room for it.
  /// Throws EngineFailure `badData` where files are damaged or samples have another shape than the plan's network
  /// takes, `badProject` where a normalisation cannot be computed.
  DataSplits(const Plan& plan, const torch::Device& device, bool channels_last);

  const BatchSource& train() const { return *train_; }
  const BatchSource& test() const { return *test_; }
  const BatchSource& source(SplitName split) const { return split == SplitName::train ? *train_ : *test_; }
  const std::vector<double>& scale() const { return scale_; }
  const std::vector<double>& offset() const { return offset_; }

  /// As stored: uint8 [count, channels, height, width] on the CPU; nothing of samples that are not images of bytes.
  /// Throws EngineFailure `badUsage` for an index that the split has not.
  torch::Tensor images(SplitName split, const std::vector<std::int64_t>& indices) const;

  /// The first `count` samples of a split as the network gets them in evaluation, and their labels; on the CPU.
  Batch samples(SplitName split, std::int64_t count) const;

  /// The first `count` training images of a fresh epoch as the network would get them, float32 on the CPU; by the
  /// general tensor operations instead of the CPU's own path if asked. Draws from a generator of its own.
  torch::Tensor sample_batch(std::int64_t count, std::uint64_t seed, bool by_tensors) const;

 private:
  bool shuffle_;
  std::vector<double> scale_;
  std::vector<double> offset_;
  std::unique_ptr<BatchSource> train_;
  std::unique_ptr<BatchSource> test_;
};

}  // namespace torchwright
