#pragma once

#include <torch/torch.h>

#include "engine/plan/plan.h"

namespace torchwright {

/// What was drawn for one image of a batch.
struct GatherChoice {
  std::int64_t sample = 0;
  bool mirrored = false;     // a flipped copy of the set
  bool flipped = false;      // by chance
  std::int64_t shift_y = 0;  // of the crop: source row of the first row
  std::int64_t shift_x = 0;
};

/// Copies uint8 images into a float batch on the CPU: window, flip and normalisation in one pass over the bytes.
/// Several threads may copy to different places of the batch at once.
class ImageGather {
 public:
  /// images: uint8 [samples, channels, height, width], contiguous; batch: float32 [batch, channels, height, width],
  /// contiguous or channels-last. A pixel becomes pixel · scale + offset of its channel. All must outlive this.
  ImageGather(const torch::Tensor& images, torch::Tensor& batch, const std::vector<double>& scale,
              const std::vector<double>& offset, const Augmentation& augment);

  /// Begins to fetch an image that will be copied soon.
  void prefetch(std::int64_t sample) const;
  void copy_image(const GatherChoice& choice, std::int64_t to) const;

 private:
  void copy_window(const GatherChoice& choice, std::int64_t to) const;

  const std::uint8_t* images_;
  float* batch_;
  std::int64_t channels_;
  std::int64_t height_;
  std::int64_t width_;
  std::int64_t channel_stride_;  // of the batch
  std::int64_t row_stride_;
  std::int64_t column_stride_;
  std::vector<float> scale_;
  std::vector<float> offset_;
  const Augmentation& augment_;
};

}  // namespace torchwright
