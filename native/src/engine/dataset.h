#pragma once

#include <torch/torch.h>

#include "plan.h"

namespace torchwright {

/// One split as it came: images uint8 [samples, channels, height, width], labels int64 [samples].
struct Split {
  torch::Tensor images;
  torch::Tensor labels;
  std::int64_t samples() const { return labels.size(0); }
};

/// Reads IDX files (plain or gzipped) or CIFAR-10 binaries and checks them: sizes, magic numbers, labels below
/// `classes`. Throws EngineFailure `badData` or `notFound` naming the file.
Split read_split(const SplitFiles& files, std::int64_t classes);

/// Mean and standard deviation (population) of x / 255 per channel.
struct ChannelStatistics {
  std::vector<double> mean;
  std::vector<double> std;
};
ChannelStatistics channel_statistics(const torch::Tensor& images);

}  // namespace torchwright
