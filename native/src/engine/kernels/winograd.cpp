#include "engine/kernels/winograd.h"

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/kernels/vectorised.h"
#include "engine/runtime/step_profile.h"

namespace torchwright {
namespace {

using torch::Tensor;

// An image is cut into tiles of 2 x 2 output pixels; each depends on 4 x 4 input pixels. With B, G and A of the paper a
// tile of the output is Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A. Summed over the channels, the product in the middle is one matrix
// product for each of the 16 places ("frequencies"). The gradients are the same algorithm transposed.

constexpr std::int64_t kFrequencies = 16;
constexpr std::int64_t kLanes = 8;
constexpr std::int64_t kChunkBytes = 4 << 20;  // of transformed tiles: they should stay in the cache until multiplied

using Lane = float __attribute__((vector_size(kLanes * sizeof(float))));
using UnalignedLane = float __attribute__((vector_size(kLanes * sizeof(float)), aligned(alignof(float)), may_alias));

struct Tile {
  Lane at[4][4];  // [row][column]
};

// Four vectors in a line, a column or a row of the tile, change in place. References and no returned vectors: these are
// passed differently with and without AVX.
#define TORCHWRIGHT_INLINE inline __attribute__((always_inline))
using Line = void (*)(Lane& a, Lane& b, Lane& c, Lane& d);

TORCHWRIGHT_INLINE void load(const float* from, Lane& to) { to = *reinterpret_cast<const UnalignedLane*>(from); }
TORCHWRIGHT_INLINE void store(float* to, const Lane& value) { *reinterpret_cast<UnalignedLane*>(to) = value; }

/// The transform of every column of which `columns` hold something, then of every row of which `rows` are wanted.
template <Line line, int columns, int rows>
TORCHWRIGHT_INLINE void transform(Tile& tile) {
  auto& at = tile.at;
  for (int column = 0; column < columns; ++column) line(at[0][column], at[1][column], at[2][column], at[3][column]);
  for (int row = 0; row < rows; ++row) line(at[row][0], at[row][1], at[row][2], at[row][3]);
}

/// Bᵀ
TORCHWRIGHT_INLINE void input_line(Lane& a, Lane& b, Lane& c, Lane& d) {
  const Lane first = a - c, second = b + c, third = c - b, fourth = b - d;
  a = first, b = second, c = third, d = fourth;
}

/// A
TORCHWRIGHT_INLINE void gradient_line(Lane& a, Lane& b, Lane& c, Lane& d) { c = a - b, d = -b, b = a + b; }

/// Aᵀ
TORCHWRIGHT_INLINE void product_line(Lane& a, Lane& b, Lane& c, Lane& d) { a = a + b + c, b = b - c - d; }

/// G
TORCHWRIGHT_INLINE void weight_line(Lane& a, Lane& b, Lane& c, Lane& d) {
  const Lane even = 0.5f * (a + c), odd = 0.5f * b;
  d = c, b = even + odd, c = even - odd;
}

/// Gᵀ
TORCHWRIGHT_INLINE void weight_gradient_line(Lane& a, Lane& b, Lane& c, Lane& d) {
  const Lane even = 0.5f * (b + c), odd = 0.5f * (b - c);
  a = a + even, b = odd, c = even + d;
}

/// One tile of one image, channels-last: its upper left pixel and what of it lies in the image.
struct Window {
  std::int64_t top, left;
  std::int64_t height, width, channels;
  bool holds(std::int64_t row, std::int64_t column) const {
    return top + row >= 0 && top + row < height && left + column >= 0 && left + column < width;
  }
  std::int64_t offset(std::int64_t row, std::int64_t column) const {
    return ((top + row) * width + left + column) * channels;
  }
};

/// 16 frequencies, `stride` floats apart, of the 4 x 4 pixels at `window`, of every channel.
TORCHWRIGHT_VECTORISED
void write_input_tile(const float* image, const Window& window, float* to, std::int64_t stride) {
  for (std::int64_t channel = 0; channel < window.channels; channel += kLanes) {
    Tile tile{};
    for (int row = 0; row < 4; ++row)
      for (int column = 0; column < 4; ++column)
        if (window.holds(row, column)) load(image + window.offset(row, column) + channel, tile.at[row][column]);
    transform<input_line, 4, 4>(tile);
    for (int at = 0; at < kFrequencies; ++at) store(to + at * stride + channel, tile.at[at / 4][at % 4]);
  }
}

TORCHWRIGHT_VECTORISED
void write_gradient_tile(const float* image, const Window& window, float* to, std::int64_t stride) {
  for (std::int64_t channel = 0; channel < window.channels; channel += kLanes) {
    Tile tile{};
    for (int row = 0; row < 2; ++row)
      for (int column = 0; column < 2; ++column)
        if (window.holds(row, column)) load(image + window.offset(row, column) + channel, tile.at[row][column]);
    transform<gradient_line, 2, 4>(tile);
    for (int at = 0; at < kFrequencies; ++at) store(to + at * stride + channel, tile.at[at / 4][at % 4]);
  }
}

TORCHWRIGHT_VECTORISED
void write_output_tile(const float* from, std::int64_t stride, const float* bias, float* image, const Window& window) {
  for (std::int64_t channel = 0; channel < window.channels; channel += kLanes) {
    Tile tile;
    for (int at = 0; at < kFrequencies; ++at) load(from + at * stride + channel, tile.at[at / 4][at % 4]);
    transform<product_line, 4, 2>(tile);
    Lane of_bias{};
    if (bias != nullptr) load(bias + channel, of_bias);
    for (int row = 0; row < 2; ++row)
      for (int column = 0; column < 2; ++column)
        if (window.holds(row, column))
          store(image + window.offset(row, column) + channel, tile.at[row][column] + of_bias);
  }
}

/// One output channel's weights (3, 3, in) to 16 frequencies of (in), `stride` floats apart.
TORCHWRIGHT_VECTORISED
void write_weight(const float* weight, std::int64_t in, bool turned, float* to, std::int64_t stride) {
  for (std::int64_t channel = 0; channel < in; channel += kLanes) {
    Tile tile;
    for (int at = 0; at < 9; ++at) load(weight + (turned ? 8 - at : at) * in + channel, tile.at[at / 3][at % 3]);
    transform<weight_line, 3, 4>(tile);
    for (int at = 0; at < kFrequencies; ++at) store(to + at * stride + channel, tile.at[at / 4][at % 4]);
  }
}

TORCHWRIGHT_VECTORISED
void write_weight_gradient(const float* from, std::int64_t stride, std::int64_t in, float* weight) {
  for (std::int64_t channel = 0; channel < in; channel += kLanes) {
    Tile tile;
    for (int at = 0; at < kFrequencies; ++at) load(from + at * stride + channel, tile.at[at / 4][at % 4]);
    transform<weight_gradient_line, 4, 3>(tile);
    for (int at = 0; at < 9; ++at) store(weight + at * in + channel, tile.at[at / 3][at % 3]);
  }
}

/// How the output's pixels fall into tiles.
struct Tiling {
  std::int64_t images, height, width;  // of the output
  std::int64_t rows, columns;          // tiles of an image
  Tiling(std::int64_t images, std::int64_t height, std::int64_t width)
      : images(images), height(height), width(width), rows((height + 1) / 2), columns((width + 1) / 2) {}
  std::int64_t tiles() const { return images * rows * columns; }

  /// The image of a tile, and its window there, for an image of `height`, `width` that reaches out by `padding`.
  std::pair<std::int64_t, Window> window(std::int64_t tile, const Tensor& x, std::int64_t padding) const {
    const std::int64_t within = tile % (rows * columns);
    return {tile / (rows * columns),
            {within / columns * 2 - padding, within % columns * 2 - padding, x.size(2), x.size(3), x.size(1)}};
  }
};

/// Few enough tiles that those of both sides fit the cache; a multiple of 16.
std::int64_t chunk_of_tiles(const Tiling& tiling, std::int64_t in, std::int64_t out) {
  const std::int64_t bytes = kFrequencies * (in + out) * static_cast<std::int64_t>(sizeof(float));
  return std::min(tiling.tiles(), std::max<std::int64_t>(kChunkBytes / bytes / 16, 8) * 16);
}

using WriteTile = void (*)(const float*, const Window&, float*, std::int64_t);

/// Tiles [begin, end) of x to `to`, (frequency, tile, channel).
void transform_tiles(const Tensor& x, const Tiling& tiling, std::int64_t padding, std::int64_t begin, std::int64_t end,
                     WriteTile write, const Tensor& to) {
  const std::int64_t channels = x.size(1);
  const std::int64_t image_size = channels * x.size(2) * x.size(3);
  at::parallel_for(begin, end, 16, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t tile = first; tile < last; ++tile) {
      const auto [image, window] = tiling.window(tile, x, padding);
      write(x.data_ptr<float>() + image * image_size, window, to.data_ptr<float>() + (tile - begin) * channels,
            to.stride(0));
    }
  });
}

/// A matrix product for each frequency, each by one thread: so the sums do not depend on their number.
template <typename Multiply>
void for_each_frequency(const Multiply& multiply) {
  at::parallel_for(0, kFrequencies, 1, [&](std::int64_t first, std::int64_t last) {
    const at::AutoDispatchBelowADInplaceOrView below_autograd;
    for (std::int64_t frequency = first; frequency < last; ++frequency) multiply(frequency);
  });
}

/// (frequency, out, in) of a channels-last weight; `turned` by 180 degrees, as the gradient of the input wants it.
Tensor transformed_weight(const Tensor& weight, bool turned) {
  const std::int64_t out = weight.size(0);
  const std::int64_t in = weight.size(1);
  Tensor transformed = torch::empty({kFrequencies, out, in});
  at::parallel_for(0, out, 8, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t row = first; row < last; ++row)
      write_weight(weight.data_ptr<float>() + row * 9 * in, in, turned, transformed.data_ptr<float>() + row * in,
                   out * in);
  });
  return transformed;
}

/// The convolution with transformed weights: (frequency, from, to) as matrices.
Tensor convolve(const Tensor& x, const Tensor& weights, const Tensor& bias, std::int64_t padding) {
  const std::int64_t in = weights.size(1);
  const std::int64_t out = weights.size(2);
  const Tiling tiling(x.size(0), x.size(2) + 2 * padding - 2, x.size(3) + 2 * padding - 2);
  Tensor y = torch::empty({tiling.images, out, tiling.height, tiling.width},
                          torch::TensorOptions().memory_format(torch::MemoryFormat::ChannelsLast));
  const std::int64_t chunk = chunk_of_tiles(tiling, in, out);
  const Tensor inputs = torch::empty({kFrequencies, chunk, in});
  const Tensor products = torch::empty({kFrequencies, chunk, out});
  const float* bias_values = bias.defined() ? bias.data_ptr<float>() : nullptr;
  for (std::int64_t begin = 0; begin < tiling.tiles(); begin += chunk) {
    const std::int64_t end = std::min(begin + chunk, tiling.tiles());
    transform_tiles(x, tiling, padding, begin, end, write_input_tile, inputs);
    for_each_frequency([&](std::int64_t frequency) {
      Tensor product = products[frequency].slice(0, 0, end - begin);
      at::mm_out(product, inputs[frequency].slice(0, 0, end - begin), weights[frequency]);
    });
    at::parallel_for(begin, end, 16, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t tile = first; tile < last; ++tile) {
        const auto [image, window] = tiling.window(tile, y, 0);
        write_output_tile(products.data_ptr<float>() + (tile - begin) * out, products.stride(0), bias_values,
                          y.data_ptr<float>() + image * y.stride(0), window);
      }
    });
  }
  return y;
}

Tensor weight_gradient(const Tensor& x, const Tensor& gradient, const Tensor& weight, std::int64_t padding) {
  const std::int64_t out = weight.size(0);
  const std::int64_t in = weight.size(1);
  const Tiling tiling(gradient.size(0), gradient.size(2), gradient.size(3));
  const std::int64_t chunk = chunk_of_tiles(tiling, in, out);
  const Tensor inputs = torch::empty({kFrequencies, chunk, in});
  const Tensor gradients = torch::empty({kFrequencies, chunk, out});
  const Tensor sums = torch::empty({kFrequencies, out, in});
  for (std::int64_t begin = 0; begin < tiling.tiles(); begin += chunk) {
    const std::int64_t end = std::min(begin + chunk, tiling.tiles());
    transform_tiles(x, tiling, padding, begin, end, write_input_tile, inputs);
    transform_tiles(gradient, tiling, 0, begin, end, write_gradient_tile, gradients);
    for_each_frequency([&](std::int64_t frequency) {
      Tensor sum = sums[frequency];
      at::addmm_out(sum, sum, gradients[frequency].slice(0, 0, end - begin).t(),
                    inputs[frequency].slice(0, 0, end - begin), begin == 0 ? 0 : 1);
    });
  }
  Tensor result = torch::empty_like(weight, weight.options(), torch::MemoryFormat::ChannelsLast);
  at::parallel_for(0, out, 8, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t row = first; row < last; ++row)
      write_weight_gradient(sums.data_ptr<float>() + row * in, out * in, in, result.data_ptr<float>() + row * 9 * in);
  });
  return result;
}

class WinogradConvolution : public torch::autograd::Function<WinogradConvolution> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& weight,
                        const c10::optional<Tensor>& bias, std::int64_t padding) {
    context->save_for_backward({x, weight});
    context->saved_data["padding"] = padding;
    context->saved_data["bias"] = bias.has_value();
    return convolve(x, transformed_weight(weight, false).transpose(1, 2), bias.value_or(Tensor()), padding);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const std::int64_t padding = context->saved_data["padding"].toInt();
    const Tensor gradient = gradients[0].contiguous(torch::MemoryFormat::ChannelsLast);
    Tensor of_x, of_weight, of_bias;
    if (context->needs_input_grad(0))
      of_x = convolve(gradient, transformed_weight(saved[1], true), Tensor(), 2 - padding);
    if (context->needs_input_grad(1)) of_weight = weight_gradient(saved[0], gradient, saved[1], padding);
    if (context->saved_data["bias"].toBool() && context->needs_input_grad(2)) of_bias = gradient.sum({0, 2, 3});
    return {of_x, of_weight, of_bias, Tensor()};
  }
};

}  // namespace

bool suits_winograd(const Tensor& x, const Tensor& weight, std::int64_t padding) {
  constexpr auto channels_last = torch::MemoryFormat::ChannelsLast;
  if (!x.is_cpu() || x.scalar_type() != torch::kFloat32 || weight.scalar_type() != torch::kFloat32) return false;
  if (at::autocast::is_autocast_enabled(at::kCPU)) return false;
  if (x.dim() != 4 || weight.dim() != 4 || weight.size(2) != 3 || weight.size(3) != 3) return false;
  const std::int64_t in = weight.size(1);
  const std::int64_t out = weight.size(0);
  // Below, the transforms cost more than the multiplications they save.
  const bool is_wide = in == x.size(1) && in >= 64 && out >= 64 && in % kLanes == 0 && out % kLanes == 0;
  const bool is_large = x.size(2) >= 4 && x.size(3) >= 4 && x.size(0) * x.size(2) * x.size(3) >= 512;
  return is_wide && is_large && padding >= 0 && padding <= 2 && x.is_contiguous(channels_last) &&
         weight.is_contiguous(channels_last);
}

Tensor convolve_by_winograd(const Tensor& x, const Tensor& weight, const Tensor& bias, std::int64_t padding) {
  StepProfile::note_kernel("winograd");
  return WinogradConvolution::apply(x, weight, bias.defined() ? c10::optional<Tensor>(bias) : c10::nullopt, padding);
}

}  // namespace torchwright
