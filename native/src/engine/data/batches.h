#pragma once

#include <torch/torch.h>

#include <memory>
#include <tuple>

#include "engine/data/dataset.h"
#include "engine/data/image_change.h"
#include "engine/plan/plan.h"
#include "engine/runtime/read_ahead.h"

namespace torchwright {

/// The order of one epoch and every random choice of its augmentation, drawn at once: an interrupted epoch goes on
/// exactly, and nothing is drawn or copied to the device within it. Tensors have one element a position; those of
/// augmentations that are off are undefined.
struct EpochOrder {
  torch::Tensor order;   // int64; with flipped copies, numbers beyond the set mean the flipped image
  torch::Tensor crop_y;  // int64, 0 … 2 · padding
  torch::Tensor crop_x;
  torch::Tensor flip;                                             // bool
  std::vector<std::pair<std::string, torch::Tensor>> of_changes;  // what image changes drew, by name

  /// Name and tensor of what is defined, for checkpoints.
  std::vector<std::pair<std::string, torch::Tensor*>> parts();
  EpochOrder to(const torch::Device& device) const;
};

/// Of flips that alternate: which images begin flipped follows from the seed, whether all are turned from the epoch.
struct FlipTurn {
  std::uint64_t seed = 0;
  std::int64_t epoch = 0;  // from 0
};

struct Batch {
  torch::Tensor images;  // float [batch, channels, height, width] or [batch, …] as in the split, normalised
  torch::Tensor labels;  // int64 [batch], or float [batch, targets]
};

/// Makes normalised float batches of a split as it came. A split that lies on the training device is read there. One
/// that stays in its file is read on the CPU, a batch ahead on a thread of its own, and each batch goes to the device.
class BatchSource {
 public:
  BatchSource(Split split, std::vector<double> scale, std::vector<double> offset, Augmentation augment,
              bool channels_last, const torch::Device& device);

  /// Positions of one epoch: twice the samples with flipped copies.
  std::int64_t positions() const;

  EpochOrder draw_epoch(bool shuffle, torch::Generator& generator, const FlipTurn& turn) const;

  /// With the names of everything that could be drawn for this source, and nothing drawn yet.
  EpochOrder undrawn_epoch() const;

  /// Augmented images of positions first … last of the epoch.
  Batch training_batch(const EpochOrder& epoch, std::int64_t first, std::int64_t last) const;

  /// Samples first … last of the file, only normalised.
  Batch plain_batch(std::int64_t first, std::int64_t last) const;

  const Split& split() const { return split_; }

  /// Where the order of an epoch must lie.
  torch::Device order_device() const { return split_.images.device(); }

  /// By tensor operations, on any device; the CPU path is held against it in tests.
  Batch training_batch_by_tensors(const EpochOrder& epoch, std::int64_t first, std::int64_t last) const;

 private:
  /// Which numbers of which epoch's order: the address tells orders apart, as each is held by what is expected.
  using BatchKey = std::tuple<const void*, std::int64_t, std::int64_t>;
  using Make = std::function<Batch(std::int64_t, std::int64_t)>;

  torch::Tensor alternating_flips(const torch::Tensor& order, const FlipTurn& turn) const;
  bool are_bytes() const { return split_.images.scalar_type() == torch::kUInt8; }
  torch::Tensor normalise(const torch::Tensor& images) const;
  Batch make_training_batch(const EpochOrder& epoch, std::int64_t first, std::int64_t last) const;
  Batch training_batch_on_cpu(const EpochOrder& epoch, std::int64_t first, std::int64_t last) const;
  Batch gathered_by_tensors(const EpochOrder& epoch, std::int64_t first, std::int64_t last) const;
  /// For each change what was drawn for positions first … last.
  std::vector<std::vector<torch::Tensor>> choices_of(const EpochOrder& epoch, std::int64_t first,
                                                     std::int64_t last) const;
  Batch training_batch_of_floats(const EpochOrder& epoch, std::int64_t first, std::int64_t last) const;
  Batch streamed(const torch::Tensor& order, std::int64_t first, std::int64_t last, std::int64_t end, Make make) const;
  torch::MemoryFormat layout() const;

  Split split_;
  std::vector<double> scale_;
  std::vector<double> offset_;
  torch::Tensor scale_tensor_;  // [1, channels, 1, 1]
  torch::Tensor offset_tensor_;
  Augmentation augment_;
  std::vector<std::unique_ptr<ImageChange>> changes_;
  bool channels_last_;
  torch::Device device_;
  std::unique_ptr<ReadAhead<BatchKey, Batch>> ahead_;  // of a mapped split; last: it reads the rest
};

}  // namespace torchwright
