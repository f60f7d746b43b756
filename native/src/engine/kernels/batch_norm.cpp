#include "engine/kernels/batch_norm.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/kernels/numbers.h"
#include "engine/kernels/vectorised.h"
#include "engine/runtime/step_profile.h"

namespace torchwright {

thread_local bool CumulativeStatistics::is_on_ = false;

namespace {

using torch::Tensor;

// A channels-last image batch is a matrix: a row for each pixel, a column for each channel. A column is summed in
// float32 over a chunk of rows and in float64 from there on; blocks are the unit of parallel work. Neither depends on
// the number of threads, so neither does the result.
constexpr std::int64_t kChunk = 64;

struct Matrix {
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t block;  // rows: a multiple of the chunk, small enough for many threads
  explicit Matrix(const Tensor& x)
      : rows(x.size(0) * x.size(2) * x.size(3)),
        columns(x.size(1)),
        block(std::clamp<std::int64_t>(rows / 64 / kChunk, 1, 16) * kChunk) {}
  std::int64_t blocks() const { return (rows + block - 1) / block; }
};

// Each loop is written once, always inlined into a function of either kind of number, which is what is vectorised.
#define TORCHWRIGHT_INLINE inline __attribute__((always_inline))

/// Sums of x - shift and of its square.
template <typename Number>
TORCHWRIGHT_INLINE void moments_loop(const Number* __restrict x, const float* __restrict shift, std::int64_t rows,
                                     std::int64_t columns, float* __restrict first, float* __restrict second) {
  for (std::int64_t row = 0; row < rows; ++row, x += columns) {
    for (std::int64_t column = 0; column < columns; ++column) {
      const float distance = value_of(x[column]) - shift[column];
      first[column] += distance;
      second[column] += distance * distance;
    }
  }
}
TORCHWRIGHT_VECTORISED
void add_moments(const float* x, const float* shift, std::int64_t rows, std::int64_t columns, float* first,
                 float* second) {
  moments_loop(x, shift, rows, columns, first, second);
}
TORCHWRIGHT_VECTORISED
void add_moments(const Bfloat16Bits* x, const float* shift, std::int64_t rows, std::int64_t columns, float* first,
                 float* second) {
  moments_loop(x, shift, rows, columns, first, second);
}

/// Sums of g and of g · (x - mean).
template <typename Number>
TORCHWRIGHT_INLINE void products_loop(const Number* __restrict g, const Number* __restrict x,
                                      const float* __restrict mean, std::int64_t rows, std::int64_t columns,
                                      float* __restrict first, float* __restrict second) {
  for (std::int64_t row = 0; row < rows; ++row, x += columns, g += columns) {
    for (std::int64_t column = 0; column < columns; ++column) {
      const float gradient = value_of(g[column]);
      first[column] += gradient;
      second[column] += gradient * (value_of(x[column]) - mean[column]);
    }
  }
}
TORCHWRIGHT_VECTORISED
void add_products(const float* g, const float* x, const float* mean, std::int64_t rows, std::int64_t columns,
                  float* first, float* second) {
  products_loop(g, x, mean, rows, columns, first, second);
}
TORCHWRIGHT_VECTORISED
void add_products(const Bfloat16Bits* g, const Bfloat16Bits* x, const float* mean, std::int64_t rows,
                  std::int64_t columns, float* first, float* second) {
  products_loop(g, x, mean, rows, columns, first, second);
}

/// y = x · scale + offset
template <typename Number>
TORCHWRIGHT_INLINE void scale_loop(const Number* __restrict x, const float* __restrict scale,
                                   const float* __restrict offset, std::int64_t rows, std::int64_t columns,
                                   Number* __restrict y) {
  for (std::int64_t row = 0; row < rows; ++row, x += columns, y += columns) {
    for (std::int64_t column = 0; column < columns; ++column)
      y[column] = rounded_to<Number>(value_of(x[column]) * scale[column] + offset[column]);
  }
}
TORCHWRIGHT_VECTORISED
void scale_rows(const float* x, const float* scale, const float* offset, std::int64_t rows, std::int64_t columns,
                float* y) {
  scale_loop(x, scale, offset, rows, columns, y);
}
TORCHWRIGHT_VECTORISED
void scale_rows(const Bfloat16Bits* x, const float* scale, const float* offset, std::int64_t rows, std::int64_t columns,
                Bfloat16Bits* y) {
  scale_loop(x, scale, offset, rows, columns, y);
}

/// y = (g - g_mean) · scale - (x - mean) · slope
template <typename Number>
TORCHWRIGHT_INLINE void differentiate_loop(const Number* __restrict g, const Number* __restrict x,
                                           const float* __restrict g_mean, const float* __restrict mean,
                                           const float* __restrict scale, const float* __restrict slope,
                                           std::int64_t rows, std::int64_t columns, Number* __restrict y) {
  for (std::int64_t row = 0; row < rows; ++row, x += columns, g += columns, y += columns) {
    for (std::int64_t column = 0; column < columns; ++column)
      y[column] = rounded_to<Number>((value_of(g[column]) - g_mean[column]) * scale[column] -
                                     (value_of(x[column]) - mean[column]) * slope[column]);
  }
}
TORCHWRIGHT_VECTORISED
void differentiate_rows(const float* g, const float* x, const float* g_mean, const float* mean, const float* scale,
                        const float* slope, std::int64_t rows, std::int64_t columns, float* y) {
  differentiate_loop(g, x, g_mean, mean, scale, slope, rows, columns, y);
}
TORCHWRIGHT_VECTORISED
void differentiate_rows(const Bfloat16Bits* g, const Bfloat16Bits* x, const float* g_mean, const float* mean,
                        const float* scale, const float* slope, std::int64_t rows, std::int64_t columns,
                        Bfloat16Bits* y) {
  differentiate_loop(g, x, g_mean, mean, scale, slope, rows, columns, y);
}

/// Two sums for each column; `add(row, rows, first, second)` adds a chunk's to float buffers.
template <typename Add>
std::pair<std::vector<double>, std::vector<double>> sum_columns(const Matrix& matrix, const Add& add) {
  const auto columns = static_cast<std::size_t>(matrix.columns);
  const std::int64_t blocks = matrix.blocks();
  std::vector<double> partial(static_cast<std::size_t>(blocks) * 2 * columns, 0.0);
  at::parallel_for(0, blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> chunk(2 * columns);
    for (std::int64_t block = begin; block < end; ++block) {
      double* sums = partial.data() + static_cast<std::size_t>(block) * 2 * columns;
      const std::int64_t last = std::min(matrix.rows, (block + 1) * matrix.block);
      for (std::int64_t row = block * matrix.block; row < last; row += kChunk) {
        std::fill(chunk.begin(), chunk.end(), 0.0f);
        add(row, std::min(kChunk, last - row), chunk.data(), chunk.data() + columns);
        for (std::size_t index = 0; index < 2 * columns; ++index) sums[index] += chunk[index];
      }
    }
  });
  std::vector<double> first(columns, 0.0);
  std::vector<double> second(columns, 0.0);
  for (std::int64_t block = 0; block < blocks; ++block) {
    const double* sums = partial.data() + static_cast<std::size_t>(block) * 2 * columns;
    for (std::size_t column = 0; column < columns; ++column) {
      first[column] += sums[column];
      second[column] += sums[columns + column];
    }
  }
  return {std::move(first), std::move(second)};
}

template <typename Function>
void for_row_blocks(const Matrix& matrix, const Function& function) {
  const std::int64_t blocks = matrix.blocks();
  at::parallel_for(0, blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    function(begin * matrix.block, std::min(matrix.rows, end * matrix.block) - begin * matrix.block);
  });
}

Tensor from_column_values(const std::vector<double>& values) { return torch::tensor(values, torch::kFloat32); }

struct Moments {
  std::vector<double> mean;
  std::vector<double> variance;  // of the population
};

Moments moments_of(const Tensor& x) {
  const Matrix matrix(x);
  // About the first pixel rather than 0, so that the square of a large mean does not swallow a small variance.
  const Tensor first_pixel = x.permute({0, 2, 3, 1}).reshape({matrix.rows, matrix.columns})[0].to(torch::kFloat32);
  const float* shift = first_pixel.const_data_ptr<float>();
  auto [mean, variance] = with_numbers(x, [&]<typename Number>(Number) {
    const auto* values = numbers_of<Number>(x);
    return sum_columns(matrix, [&](std::int64_t row, std::int64_t rows, float* first, float* second) {
      add_moments(values + row * matrix.columns, shift, rows, matrix.columns, first, second);
    });
  });
  const auto count = static_cast<double>(matrix.rows);
  for (std::size_t column = 0; column < mean.size(); ++column) {
    const double distance = mean[column] / count;
    variance[column] = std::max(0.0, variance[column] / count - distance * distance);
    mean[column] = shift[column] + distance;
  }
  return {std::move(mean), std::move(variance)};
}

/// `mean` and `inverse`, the reciprocal deviation, are those of x; the backward pass knows that they follow from it.
class Normalise : public torch::autograd::Function<Normalise> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& weight,
                        const Tensor& bias, const Tensor& mean, const Tensor& inverse) {
    context->save_for_backward({x, weight, mean, inverse});
    const Tensor scale = inverse * weight;
    const Tensor offset = bias - mean * scale;
    const Matrix matrix(x);
    Tensor y = torch::empty_like(x);
    with_numbers(x, [&]<typename Number>(Number) {
      for_row_blocks(matrix, [&](std::int64_t row, std::int64_t rows) {
        const std::int64_t at = row * matrix.columns;
        scale_rows(numbers_of<Number>(x) + at, scale.const_data_ptr<float>(), offset.const_data_ptr<float>(), rows,
                   matrix.columns, mutable_numbers_of<Number>(y) + at);
      });
    });
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor& x = saved[0];
    const Tensor& weight = saved[1];
    const Tensor& mean = saved[2];
    const Tensor& inverse = saved[3];
    const Tensor gradient = gradients[0].to(x.scalar_type()).contiguous(torch::MemoryFormat::ChannelsLast);
    const Matrix matrix(x);
    Tensor sum, product, x_gradient;
    with_numbers(x, [&]<typename Number>(Number) {
      const auto* g = numbers_of<Number>(gradient);
      const auto* values = numbers_of<Number>(x);
      const auto [sums, products] =
          sum_columns(matrix, [&](std::int64_t row, std::int64_t rows, float* first, float* second) {
            const std::int64_t at = row * matrix.columns;
            add_products(g + at, values + at, mean.const_data_ptr<float>(), rows, matrix.columns, first, second);
          });
      sum = from_column_values(sums);
      product = from_column_values(products);
      if (!context->needs_input_grad(0)) return;
      const auto count = static_cast<double>(matrix.rows);
      const Tensor scale = inverse * weight;
      const Tensor slope = product * inverse * inverse * scale / count;
      const Tensor g_mean = sum / count;
      x_gradient = torch::empty_like(x);
      for_row_blocks(matrix, [&](std::int64_t row, std::int64_t rows) {
        const std::int64_t at = row * matrix.columns;
        differentiate_rows(g + at, values + at, g_mean.const_data_ptr<float>(), mean.const_data_ptr<float>(),
                           scale.const_data_ptr<float>(), slope.const_data_ptr<float>(), rows, matrix.columns,
                           mutable_numbers_of<Number>(x_gradient) + at);
      });
    });
    return {x_gradient, product * inverse, sum, Tensor(), Tensor()};
  }
};

}  // namespace

Tensor batch_norm_of_batch(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor running_mean,
                           Tensor running_variance, double factor, double eps) {
  // What libtorch would refuse, it shall refuse.
  const bool fits = has_kernel_numbers(x) && is_channels_last_images(x) &&
                    (!weight.defined() || weight.numel() == x.size(1)) &&
                    (!running_mean.defined() || running_mean.numel() == x.size(1)) && Matrix(x).rows > 1;
  if (!fits) return torch::batch_norm(x, weight, bias, running_mean, running_variance, true, factor, eps, true);
  StepProfile::note_kernel("batchNorm");
  const Moments moments = moments_of(x.detach());
  const Tensor mean = from_column_values(moments.mean);
  std::vector<double> inverse(moments.variance);
  for (double& value : inverse) value = 1 / std::sqrt(value + eps);
  if (running_mean.defined()) {
    const torch::NoGradGuard no_grad;
    const auto rows = static_cast<double>(Matrix(x).rows);
    running_mean.lerp_(mean, factor);
    running_variance.lerp_(from_column_values(moments.variance) * (rows / (rows - 1)), factor);
  }
  // Where nothing is learned: constants, since a Function takes no undefined tensor.
  return Normalise::apply(x, weight.defined() ? weight : torch::ones_like(mean),
                          bias.defined() ? bias : torch::zeros_like(mean), mean, from_column_values(inverse));
}

}  // namespace torchwright
