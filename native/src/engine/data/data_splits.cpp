#include "engine/data/data_splits.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>

#include "engine/runtime/devices.h"
#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

using torch::Tensor;

void require_shape(const Split& split, const SplitFiles& files, const std::vector<std::int64_t>& expected) {
  const auto shape = split.images.sizes().slice(1).vec();
  if (shape == expected) return;
  throw EngineFailure(
      "badData", "The samples are " + c10::str(shape) + ", but the network was made for " + c10::str(expected) + ".",
      !files.files.empty()   ? files.files.at(0)
      : files.images.empty() ? files.inputs
                             : files.images);
}

Split to_device(const Split& split, const torch::Device& device) {
  if (split.is_mapped) {
    const auto bytes = static_cast<std::int64_t>(split.images.nbytes());
    if (device.is_cpu() || bytes > free_memory(device) / 2) return split;
  }
  return {split.images.to(device), split.labels.to(device), false};
}

}  // namespace

DataSplits::DataSplits(const Plan& plan, const torch::Device& device, bool channels_last)
    : shuffle_(plan.data.shuffle), scale_(plan.data.scale), offset_(plan.data.offset) {
  const Split train = read_split(plan.data.train, plan.data);
  const Split test = read_split(plan.data.test, plan.data);
  require_shape(train, plan.data.train, plan.input_shape);
  require_shape(test, plan.data.test, plan.input_shape);
  if (plan.data.compute_normalisation) {
    if (train.images.scalar_type() != torch::kUInt8)
      throw EngineFailure("badProject", "Mean and deviation of a table are computed when it is imported.",
                          "data.normalise");
    const ChannelStatistics statistics = channel_statistics(train.images);
    scale_.clear();
    offset_.clear();
    for (std::size_t channel = 0; channel < statistics.mean.size(); ++channel) {
      if (statistics.std[channel] == 0)
        throw EngineFailure("badData", "All training images have the same value in channel " + std::to_string(channel) +
                                           ", so a z-score cannot be computed. Set mean and std in data.normalise.");
      scale_.push_back(1 / (255 * statistics.std[channel]));
      offset_.push_back(-statistics.mean[channel] / statistics.std[channel]);
    }
  }
  train_ = std::make_unique<BatchSource>(to_device(train, device), scale_, offset_, plan.data.augment, channels_last,
                                         device);
  test_ =
      std::make_unique<BatchSource>(to_device(test, device), scale_, offset_, Augmentation{}, channels_last, device);
}

Tensor DataSplits::images(SplitName split, const std::vector<std::int64_t>& indices) const {
  const Tensor& images = source(split).split().images;
  if (images.scalar_type() != torch::kUInt8) return torch::empty({0}, torch::kUInt8);
  for (const std::int64_t index : indices) {
    if (index < 0 || index >= images.size(0))
      throw EngineFailure("badUsage", "There is no image " + std::to_string(index) + "; the split has " +
                                          std::to_string(images.size(0)) + ".");
  }
  return images.index_select(0, torch::tensor(indices, torch::kInt64).to(images.device())).cpu();
}

Batch DataSplits::samples(SplitName split, std::int64_t count) const {
  const BatchSource& from = source(split);
  const Batch batch = from.plain_batch(0, std::min(count, from.split().samples()));
  return {batch.images.to(torch::kCPU, torch::kFloat32).contiguous(), batch.labels.cpu()};
}

Tensor DataSplits::sample_batch(std::int64_t count, std::uint64_t seed, bool by_tensors) const {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  const EpochOrder epoch = train_->draw_epoch(shuffle_, generator, {seed, /*epoch=*/0});
  const std::int64_t last = std::min(count, train_->positions());
  const Batch batch =
      by_tensors ? train_->training_batch_by_tensors(epoch, 0, last) : train_->training_batch(epoch, 0, last);
  return batch.images.cpu().contiguous();
}

}  // namespace torchwright
