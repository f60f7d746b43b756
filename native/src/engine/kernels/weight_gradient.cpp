#include "engine/kernels/weight_gradient.h"

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <ATen/native/CPUBlas.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "engine/kernels/vectorised.h"
#include "engine/runtime/step_profile.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Bits = std::uint16_t;  // of a bfloat16
namespace cpublas = at::native::cpublas;

// The gradient of a weight (out, 3, 3, in) is the product of the output's gradient, (out, pixels), with what each pixel
// of the output depends on, (pixels, 9 · in). It is summed over blocks of pixels, by products that oneDNN makes for the
// sizes at hand (through libtorch). They want the second matrix in pairs of rows, so that two values which are
// multiplied by neighbours lie side by side; of it one tap and `kColumns` channels are made at a time.
constexpr std::int64_t kTaps = 9;
constexpr std::int64_t kColumns = 32;
constexpr std::int64_t kPixels = 512;           // of a block
constexpr std::int64_t kStride = kPixels + 32;  // not a power of two, whose multiples share a cache line
constexpr std::int64_t kGroup = 1152;           // columns whose sums stay in the second-level cache
constexpr std::int64_t kUnits = 16;             // of parallel work or more, for any number of threads
constexpr std::int64_t kLargestImage = 64;      // pixels; oneDNN's own way is as good beyond

/// Frees what the products hold of the processor, on this thread.
struct ReleaseProducts {
  ~ReleaseProducts() { cpublas::brgemm_release(); }
};

const at::BFloat16* values_of(const void* bits) { return static_cast<const at::BFloat16*>(bits); }

struct Images {
  std::int64_t height, width, channels, pixels;
  const Bits* data;
  explicit Images(const Tensor& x)
      : height(x.size(2)),
        width(x.size(3)),
        channels(x.size(1)),
        pixels(x.size(0) * height * width),
        data(reinterpret_cast<const Bits*>(x.const_data_ptr<at::BFloat16>())) {}
};

/// For each tap and each pixel of a block its neighbour there, or `nothing` outside of the image.
class Neighbours {
 public:
  void find(const Images& images, std::int64_t begin, std::int64_t rows, const Bits* nothing) {
    for (std::int64_t at = 0; at < rows; ++at) {
      const std::int64_t pixel = begin + at;
      const std::int64_t row = pixel / images.width % images.height, column = pixel % images.width;
      for (std::int64_t tap = 0; tap < kTaps; ++tap) {
        const std::int64_t down = tap / 3 - 1, right = tap % 3 - 1;
        const bool is_inside =
            row + down >= 0 && row + down < images.height && column + right >= 0 && column + right < images.width;
        pixels_[tap][at] = is_inside ? images.data + (pixel + down * images.width + right) * images.channels : nothing;
      }
    }
    // An odd last row is multiplied by zeros.
    if (rows % 2 == 1)
      for (auto& of_tap : pixels_) of_tap[rows] = nothing;
  }
  const Bits* const* of_tap(std::int64_t tap) const { return pixels_[tap].data(); }

 private:
  std::array<std::array<const Bits*, kPixels>, kTaps> pixels_;
};

/// Pairs of rows of `kColumns` values from `channel` on.
TORCHWRIGHT_VECTORISED
void write_pairs(const Bits* const* rows, std::int64_t count, std::int64_t channel, std::uint32_t* __restrict to) {
  for (std::int64_t row = 0; row < count; row += 2, to += kColumns) {
    const Bits* first = rows[row] + channel;
    const Bits* second = rows[row + 1] + channel;
    for (std::int64_t at = 0; at < kColumns; ++at)
      to[at] = static_cast<std::uint32_t>(first[at]) | static_cast<std::uint32_t>(second[at]) << 16;
  }
}

/// Rows and columns changed, `kStride` apart; a row to make their number even is 0.
void write_transposed(const Bits* from, std::int64_t rows, std::int64_t columns, Bits* to) {
  constexpr std::int64_t kSide = 32;
  for (std::int64_t column = 0; column < columns; column += kSide)
    for (std::int64_t row = 0; row < rows; row += kSide)
      for (std::int64_t to_row = column; to_row < std::min(column + kSide, columns); ++to_row)
        for (std::int64_t at = row; at < std::min(row + kSide, rows); ++at)
          to[to_row * kStride + at] = from[at * columns + to_row];
  if (rows % 2 == 1)
    for (std::int64_t column = 0; column < columns; ++column) to[column * kStride + rows] = 0;
}

/// (out, in, 3, 3), channels-last, of x and the gradient of y, both channels-last.
Tensor weight_gradient(const Tensor& x, const Tensor& y_gradient) {
  const Images images(x);
  const Images gradients(y_gradient);
  const std::int64_t in = images.channels, out = gradients.channels, depth = kTaps * in;
  const std::int64_t blocks = (images.pixels + kPixels - 1) / kPixels;
  const std::int64_t groups = (depth + kGroup - 1) / kGroup;
  const std::int64_t splits = std::min(blocks, (kUnits + groups - 1) / groups);
  const Tensor sums = torch::empty({splits, out, depth}, torch::kFloat32);
  at::parallel_for(0, groups * splits, 1, [&](std::int64_t first, std::int64_t last) {
    const ReleaseProducts release;
    const std::vector<Bits> nothing(static_cast<std::size_t>(in));
    std::vector<Bits> transposed(static_cast<std::size_t>(out * kStride));
    std::vector<std::uint32_t> pairs(static_cast<std::size_t>(kPixels / 2 * kColumns));
    Neighbours neighbours;
    for (std::int64_t unit = first; unit < last; ++unit) {
      const std::int64_t split = unit / groups, group = unit % groups;
      const std::int64_t first_block = split * blocks / splits, end_block = (split + 1) * blocks / splits;
      float* of_split = sums.data_ptr<float>() + split * out * depth;
      for (std::int64_t block = first_block; block < end_block; ++block) {
        const std::int64_t begin = block * kPixels, rows = std::min(kPixels, images.pixels - begin);
        write_transposed(gradients.data + begin * out, rows, out, transposed.data());
        neighbours.find(images, begin, rows, nothing.data());
        const std::int64_t end_column = std::min(depth, (group + 1) * kGroup);
        for (std::int64_t column = group * kGroup; column < end_column; column += kColumns) {
          write_pairs(neighbours.of_tap(column / in), rows, column % in, pairs.data());
          cpublas::brgemm(out, kColumns, rows + rows % 2, kStride, kColumns, depth, /*add_C=*/block > first_block,
                          values_of(transposed.data()), values_of(pairs.data()), of_split + column);
        }
      }
    }
  });
  return sums.sum(0).view({out, 3, 3, in}).permute({0, 3, 1, 2});
}

class QuickGradient : public torch::autograd::Function<QuickGradient> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& weight,
                        const c10::optional<Tensor>& bias) {
    const Tensor narrow = weight.to(torch::kBFloat16);
    context->save_for_backward({x, narrow});
    context->saved_data["bias"] = bias.has_value();
    return at::conv2d(x, narrow, bias.has_value() ? bias->to(torch::kBFloat16) : Tensor(), 1, 1);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor gradient = gradients[0].contiguous(torch::MemoryFormat::ChannelsLast);
    Tensor of_x, of_weight, of_bias;
    if (context->needs_input_grad(0))
      of_x = std::get<0>(at::convolution_backward(gradient, saved[0], saved[1], c10::nullopt, {1, 1}, {1, 1}, {1, 1},
                                                  /*transposed=*/false, {0, 0}, 1, {true, false, false}));
    if (context->needs_input_grad(1)) of_weight = weight_gradient(saved[0], gradient);
    if (context->saved_data["bias"].toBool() && context->needs_input_grad(2))
      of_bias = gradient.sum({0, 2, 3}, /*keepdim=*/false, torch::kFloat32);
    return {of_x, of_weight, of_bias};
  }
};

}  // namespace

bool suits_quick_gradient(const Tensor& x, const Tensor& weight) {
  if (!x.is_cpu() || !at::autocast::is_autocast_enabled(at::kCPU)) return false;
  if (at::autocast::get_autocast_dtype(at::kCPU) != torch::kBFloat16) return false;
  if (x.scalar_type() != torch::kBFloat16 && x.scalar_type() != torch::kFloat32) return false;
  if (weight.scalar_type() != torch::kFloat32 || x.dim() != 4) return false;
  if (weight.size(2) != 3 || weight.size(3) != 3 || weight.size(1) != x.size(1)) return false;
  const std::int64_t image = x.size(2) * x.size(3);
  const bool is_small = image <= kLargestImage && x.size(0) * image >= kPixels;
  const bool is_wide = weight.size(0) % kColumns == 0 && weight.size(1) % kColumns == 0 && weight.size(0) >= 64;
  return is_small && is_wide && torch::GradMode::is_enabled() && weight.requires_grad() &&
         x.is_contiguous(torch::MemoryFormat::ChannelsLast) && cpublas::could_pack(torch::kBFloat16);
}

Tensor convolve_with_quick_gradient(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  StepProfile::note_kernel("weightGradient");
  const Tensor narrow = at::autocast::cached_cast(torch::kBFloat16, x, torch::kCPU);
  return QuickGradient::apply(narrow, weight, bias.defined() ? c10::optional<Tensor>(bias) : c10::nullopt);
}

}  // namespace torchwright
