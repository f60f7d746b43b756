#include "engine/data/gather.h"

#include <algorithm>

#include "engine/kernels/vectorised.h"

namespace torchwright {
namespace {

/// to[i · stride] = from[i] · scale + offset
TORCHWRIGHT_VECTORISED
void scale_row(const std::uint8_t* from, float* to, std::int64_t count, float scale, float offset) {
  for (std::int64_t index = 0; index < count; ++index) to[index] = static_cast<float>(from[index]) * scale + offset;
}

constexpr std::int64_t kOutside = -1;

/// Source position of `wanted`, or kOutside where zeros are padded.
std::int64_t source_position(std::int64_t wanted, std::int64_t size, const std::string& mode) {
  if (wanted >= 0 && wanted < size) return wanted;
  if (mode == "reflect") return wanted < 0 ? -wanted : 2 * size - 2 - wanted;
  if (mode == "replicate") return std::clamp<std::int64_t>(wanted, 0, size - 1);
  return kOutside;
}

}  // namespace

ImageGather::ImageGather(const torch::Tensor& images, torch::Tensor& batch, const std::vector<double>& scale,
                         const std::vector<double>& offset, const Augmentation& augment)
    : images_(images.data_ptr<std::uint8_t>()),
      batch_(batch.data_ptr<float>()),
      channels_(images.size(1)),
      height_(images.size(2)),
      width_(images.size(3)),
      channel_stride_(batch.stride(1)),
      row_stride_(batch.stride(2)),
      column_stride_(batch.stride(3)),
      scale_(scale.begin(), scale.end()),
      offset_(offset.begin(), offset.end()),
      augment_(augment) {}

void ImageGather::copy_image(const GatherChoice& choice, std::int64_t to) const {
  const bool as_it_is = !choice.mirrored && !choice.flipped && choice.shift_y == 0 && choice.shift_x == 0;
  if (!as_it_is || column_stride_ != 1) {
    copy_window(choice, to);
    return;
  }
  const std::int64_t plane = height_ * width_;
  const std::uint8_t* from = images_ + choice.sample * channels_ * plane;
  float* image = batch_ + to * channels_ * plane;
  for (std::int64_t channel = 0; channel < channels_; ++channel)
    scale_row(from + channel * plane, image + channel * plane, plane, scale_[channel], offset_[channel]);
}

void ImageGather::prefetch(std::int64_t sample) const {
  constexpr std::int64_t kCacheLine = 64;
  const std::int64_t size = channels_ * height_ * width_;
  const std::uint8_t* image = images_ + sample * size;
  for (std::int64_t at = 0; at < std::min<std::int64_t>(size, 4096); at += kCacheLine) __builtin_prefetch(image + at);
}

void ImageGather::copy_window(const GatherChoice& choice, std::int64_t to) const {
  const std::int64_t plane = height_ * width_;
  const std::uint8_t* from = images_ + choice.sample * channels_ * plane;
  float* image = batch_ + to * channels_ * plane;

  std::vector<std::int64_t> columns(static_cast<std::size_t>(width_));
  for (std::int64_t x = 0; x < width_; ++x) {
    const std::int64_t wanted = (choice.flipped ? width_ - 1 - x : x) + choice.shift_x;
    const std::int64_t source = source_position(wanted, width_, augment_.crop_mode);
    columns[x] = source != kOutside && choice.mirrored ? width_ - 1 - source : source;
  }
  for (std::int64_t channel = 0; channel < channels_; ++channel) {
    const float scale = scale_[channel];
    const float offset = offset_[channel];
    for (std::int64_t y = 0; y < height_; ++y) {
      const std::int64_t source = source_position(y + choice.shift_y, height_, augment_.crop_mode);
      float* row = image + channel * channel_stride_ + y * row_stride_;
      const std::uint8_t* source_row = from + channel * plane + source * width_;
      for (std::int64_t x = 0; x < width_; ++x) {
        const bool outside = source == kOutside || columns[x] == kOutside;
        row[x * column_stride_] = (outside ? 0.0f : static_cast<float>(source_row[columns[x]])) * scale + offset;
      }
    }
  }
}

}  // namespace torchwright
