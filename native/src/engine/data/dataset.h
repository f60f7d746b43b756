#pragma once

#include <torch/torch.h>

#include "engine/plan/plan.h"

namespace torchwright {

/// One split as it came. images: uint8 [samples, channels, height, width], or float [samples, …] of a table or any
/// other array; labels: int64 [samples], or the targets of a regression, float [samples, targets].
struct Split {
  torch::Tensor images;
  torch::Tensor labels;
  bool is_mapped = false;  // the images lie in a file, and come into memory as they are read
  std::int64_t samples() const { return labels.size(0); }
};

/// Reads IDX files (plain or gzipped), CIFAR-10 binaries or the arrays of an import, and checks them: sizes, magic
/// numbers, labels below `data.classes`. Throws EngineFailure `badData` or `notFound` naming the file.
Split read_split(const SplitFiles& files, const PlanData& data);

/// Mean and standard deviation (population) of x / 255 per channel; of uint8 images.
struct ChannelStatistics {
  std::vector<double> mean;
  std::vector<double> std;
};
ChannelStatistics channel_statistics(const torch::Tensor& images);

}  // namespace torchwright
