#include "engine/kernels/dropout.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include <bit>
#include <cmath>
#include <cstdint>

#include "engine/kernels/vectorised.h"
#include "engine/runtime/step_profile.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// y = keep ? x · scale : 0 for positions first … first + count of a tensor. The hash is two rounds of the
/// 32-bit finaliser of Wellons' "lowbias32" with the seed's halves mixed in between; every element has 32 random
/// bits of its own, so that p is kept to 2⁻³².
TORCHWRIGHT_VECTORISED
void mask_elements(const float* x, float* y, std::int64_t first, std::int64_t count, std::uint32_t threshold,
                   std::uint32_t seed_low, std::uint32_t seed_high, float scale) {
  const auto base = static_cast<std::uint32_t>(first);
  const std::uint32_t high = seed_high ^ (static_cast<std::uint32_t>(first >> 32) * 0x9e3779b9u);
  for (std::uint32_t index = 0; index < static_cast<std::uint32_t>(count); ++index) {
    std::uint32_t hash = (base + index) * 0x9e3779b9u + seed_low;
    hash ^= hash >> 16;
    hash *= 0x21f0aaadu;
    hash ^= hash >> 15;
    hash ^= high;
    hash *= 0x735a2d97u;
    hash ^= hash >> 15;
    hash *= 0x846ca68bu;
    hash ^= hash >> 16;
    // By its bits: a product behind a condition is one that GCC 12 computes alone, for AVX2 knows no masks.
    const std::uint32_t kept = hash >= threshold ? ~0u : 0u;
    y[index] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(x[index] * scale) & kept);
  }
}

constexpr std::int64_t kBlock = 1 << 14;  // elements; a block never crosses a multiple of 2³² positions

void mask_tensor(const Tensor& x, Tensor& y, double p, std::uint64_t seed) {
  const float* from = x.data_ptr<float>();
  float* to = y.data_ptr<float>();
  const auto threshold = static_cast<std::uint32_t>(std::min(std::llround(p * 4294967296.0), 4294967295LL));
  const auto scale = static_cast<float>(p < 1 ? 1 / (1 - p) : 0);
  const std::int64_t total = x.numel();
  const std::int64_t blocks = (total + kBlock - 1) / kBlock;
  at::parallel_for(0, blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t block = begin; block < end; ++block) {
      const std::int64_t first = block * kBlock;
      mask_elements(from + first, to + first, first, std::min(kBlock, total - first), threshold,
                    static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), scale);
    }
  });
}

/// Elements in memory order, whatever the layout: forward and backward must walk the same one.
bool is_dense(const Tensor& x) { return x.is_non_overlapping_and_dense(); }

class CpuDropout : public torch::autograd::Function<CpuDropout> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, double p, std::int64_t seed) {
    const Tensor dense = is_dense(x) ? x : x.contiguous();
    Tensor y = torch::empty_like(dense);
    mask_tensor(dense, y, p, static_cast<std::uint64_t>(seed));
    context->saved_data["p"] = p;
    context->saved_data["seed"] = seed;
    context->saved_data["strides"] = y.strides().vec();
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto strides = context->saved_data["strides"].toIntVector();
    Tensor gradient = gradients[0];
    if (gradient.strides().vec() != strides) {
      gradient = torch::empty_strided(gradient.sizes(), strides, gradient.options()).copy_(gradient);
    }
    Tensor result = torch::empty_strided(gradient.sizes(), strides, gradient.options());
    mask_tensor(gradient, result, context->saved_data["p"].toDouble(),
                static_cast<std::uint64_t>(context->saved_data["seed"].toInt()));
    return {result, Tensor(), Tensor()};
  }
};

}  // namespace

torch::Tensor dropout(const torch::Tensor& x, double p, torch::Generator& generator) {
  if (p <= 0) return x;
  if (!x.is_cpu()) return torch::dropout(x, p, true);
  if (x.scalar_type() != torch::kFloat32) return dropout(x.to(torch::kFloat32), p, generator).to(x.scalar_type());
  StepProfile::note_kernel("dropout");
  const std::uint64_t seed = at::check_generator<at::CPUGeneratorImpl>(generator)->random64();
  return CpuDropout::apply(x, p, static_cast<std::int64_t>(seed));
}

}  // namespace torchwright
