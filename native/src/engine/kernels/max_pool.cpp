#include "engine/kernels/max_pool.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>

#include "engine/kernels/numbers.h"
#include "engine/kernels/vectorised.h"
#include "engine/runtime/step_profile.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Place = std::uint8_t;  // of a pixel in its window, row by row

/// One more pixel of a window, of `count` channels.
template <typename Number>
inline __attribute__((always_inline)) void take_larger(const Number* __restrict x, std::int64_t count, Place place,
                                                       Number* __restrict y, Place* __restrict places) {
  for (std::int64_t at = 0; at < count; ++at) {
    const float value = value_of(x[at]);
    const bool is_larger = value > value_of(y[at]) || value != value;
    y[at] = is_larger ? x[at] : y[at];
    places[at] = is_larger ? place : places[at];
  }
}
TORCHWRIGHT_VECTORISED
void add_pixel(const float* x, std::int64_t count, Place place, float* y, Place* places) {
  take_larger(x, count, place, y, places);
}
TORCHWRIGHT_VECTORISED
void add_pixel(const Bfloat16Bits* x, std::int64_t count, Place place, Bfloat16Bits* y, Place* places) {
  take_larger(x, count, place, y, places);
}

/// The gradient of one pixel of a window: what chose it.
TORCHWRIGHT_VECTORISED
void write_pixel(const float* __restrict gradient, const Place* __restrict places, std::int64_t count, Place place,
                 float* __restrict to) {
  for (std::int64_t at = 0; at < count; ++at) to[at] = places[at] == place ? gradient[at] : 0.0f;
}
TORCHWRIGHT_VECTORISED
void write_pixel(const Bfloat16Bits* __restrict gradient, const Place* __restrict places, std::int64_t count,
                 Place place, Bfloat16Bits* __restrict to) {
  for (std::int64_t at = 0; at < count; ++at) {
    // By its bits: GCC 12 computes a choice between numbers of 16 bits one by one.
    const auto mask = static_cast<Bfloat16Bits>(-static_cast<Bfloat16Bits>(places[at] == place));
    to[at] = static_cast<Bfloat16Bits>(gradient[at] & mask);
  }
}

/// How windows lie on images, channels-last.
struct Windows {
  std::int64_t images, channels, height, width;  // of x
  std::int64_t down, right;                      // pixels of a window
  std::int64_t rows() const { return height / down; }
  std::int64_t columns() const { return width / right; }
};

/// `row` counts rows of windows over all images; so does every other index here, in what is channels-last.
template <typename Number>
void pool_row(const Windows& windows, std::int64_t row, const Number* x, Number* y, Place* places) {
  const std::int64_t image = row / windows.rows(), top = row % windows.rows() * windows.down;
  const std::int64_t channels = windows.channels;
  for (std::int64_t column = 0; column < windows.columns(); ++column) {
    const std::int64_t to = (row * windows.columns() + column) * channels;
    std::fill_n(places + to, channels, Place{0});
    for (std::int64_t place = 0; place < windows.down * windows.right; ++place) {
      const std::int64_t from_row = image * windows.height + top + place / windows.right;
      const Number* from = x + (from_row * windows.width + column * windows.right + place % windows.right) * channels;
      if (place == 0)
        std::copy_n(from, channels, y + to);
      else
        add_pixel(from, channels, static_cast<Place>(place), y + to, places + to);
    }
  }
}

/// Every pixel of the rows of x that a row of windows covers; the last one covers what is left below it too.
template <typename Number>
void differentiate_row(const Windows& windows, std::int64_t row, const Number* gradient, const Place* places,
                       Number* to) {
  const std::int64_t image = row / windows.rows(), within = row % windows.rows();
  const std::int64_t channels = windows.channels;
  const std::int64_t top = within * windows.down;
  const std::int64_t end = within + 1 == windows.rows() ? windows.height : top + windows.down;
  for (std::int64_t at_row = top; at_row < end; ++at_row) {
    Number* pixel = to + (image * windows.height + at_row) * windows.width * channels;
    for (std::int64_t at_column = 0; at_column < windows.width; ++at_column, pixel += channels) {
      const std::int64_t column = at_column / windows.right;
      if (at_row >= top + windows.down || column >= windows.columns()) {
        std::fill_n(pixel, channels, Number{0});
        continue;
      }
      const std::int64_t place = (at_row - top) * windows.right + at_column % windows.right;
      const std::int64_t from = (row * windows.columns() + column) * channels;
      write_pixel(gradient + from, places + from, channels, static_cast<Place>(place), pixel);
    }
  }
}

template <typename Function>
void for_rows(const Windows& windows, const Function& function) {
  const std::int64_t rows = windows.images * windows.rows();
  const std::int64_t values = windows.width * windows.down * windows.channels;
  at::parallel_for(0, rows, std::max<std::int64_t>(1, at::internal::GRAIN_SIZE / values),
                   [&](std::int64_t begin, std::int64_t end) {
                     for (std::int64_t row = begin; row < end; ++row) function(row);
                   });
}

class MaxPoolOfBlocks : public torch::autograd::Function<MaxPoolOfBlocks> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, std::int64_t down,
                        std::int64_t right) {
    const Windows windows{x.size(0), x.size(1), x.size(2), x.size(3), down, right};
    const auto options = x.options().memory_format(torch::MemoryFormat::ChannelsLast);
    const std::vector<std::int64_t> shape{windows.images, windows.channels, windows.rows(), windows.columns()};
    Tensor y = torch::empty(shape, options);
    const Tensor places = torch::empty(shape, options.dtype(torch::kUInt8));
    with_numbers(x, [&]<typename Number>(Number) {
      const auto* from = numbers_of<Number>(x);
      auto* to = mutable_numbers_of<Number>(y);
      for_rows(windows, [&](std::int64_t row) { pool_row(windows, row, from, to, places.data_ptr<Place>()); });
    });
    context->save_for_backward({places});
    context->saved_data["shape"] = x.sizes().vec();
    context->saved_data["down"] = down;
    context->saved_data["right"] = right;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const Tensor places = context->get_saved_variables()[0];
    const auto shape = context->saved_data["shape"].toIntVector();
    const Windows windows{shape[0],
                          shape[1],
                          shape[2],
                          shape[3],
                          context->saved_data["down"].toInt(),
                          context->saved_data["right"].toInt()};
    const Tensor gradient = gradients[0].contiguous(torch::MemoryFormat::ChannelsLast);
    Tensor result = torch::empty(shape, gradient.options().memory_format(torch::MemoryFormat::ChannelsLast));
    with_numbers(gradient, [&]<typename Number>(Number) {
      const auto* from = numbers_of<Number>(gradient);
      auto* to = mutable_numbers_of<Number>(result);
      for_rows(windows, [&](std::int64_t row) { differentiate_row(windows, row, from, places.data_ptr<Place>(), to); });
    });
    return {result, Tensor(), Tensor()};
  }
};

}  // namespace

bool suits_max_pool_of_blocks(const Tensor& x, const std::vector<std::int64_t>& kernel) {
  if (!has_kernel_numbers(x) || !is_channels_last_images(x)) return false;
  const bool fits = kernel[0] > 0 && kernel[1] > 0 && kernel[0] <= x.size(2) && kernel[1] <= x.size(3);
  return fits && kernel[0] * kernel[1] <= 255;
}

Tensor max_pool_of_blocks(const Tensor& x, const std::vector<std::int64_t>& kernel) {
  StepProfile::note_kernel("maxPool");
  return MaxPoolOfBlocks::apply(x, kernel[0], kernel[1]);
}

}  // namespace torchwright
