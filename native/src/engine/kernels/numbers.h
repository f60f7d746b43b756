#pragma once

#include <torch/torch.h>

#include <bit>
#include <cstdint>

namespace torchwright {

/// A bfloat16 as its bits: the upper half of a float32. C++ has no arithmetic for it.
using Bfloat16Bits = std::uint16_t;

inline __attribute__((always_inline)) float value_of(float value) { return value; }
inline __attribute__((always_inline)) float value_of(Bfloat16Bits bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

/// To the nearest, halves to the even one.
template <typename Number>
inline __attribute__((always_inline)) Number rounded_to(float value) {
  if constexpr (std::is_same_v<Number, float>) {
    return value;
  } else {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    return static_cast<Bfloat16Bits>(value != value ? 0x7fc0u : rounded);
  }
}

template <typename Number>
const Number* numbers_of(const torch::Tensor& tensor) {
  if constexpr (std::is_same_v<Number, float>)
    return tensor.const_data_ptr<float>();
  else
    return reinterpret_cast<const Bfloat16Bits*>(tensor.const_data_ptr<at::BFloat16>());
}
template <typename Number>
Number* mutable_numbers_of(const torch::Tensor& tensor) {
  return const_cast<Number*>(numbers_of<Number>(tensor));
}

/// Whether a tensor holds what the kernels here compute with: float32 or bfloat16.
inline bool has_kernel_numbers(const torch::Tensor& x) {
  return x.is_cpu() && (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16);
}

/// `function` with a number of the kind that `tensor` holds.
template <typename Function>
auto with_numbers(const torch::Tensor& tensor, const Function& function) {
  if (tensor.scalar_type() == torch::kFloat32) return function(float{});
  return function(Bfloat16Bits{});
}

/// Images whose channels lie together, and that cannot be taken for anything else.
inline bool is_channels_last_images(const torch::Tensor& x) {
  return x.dim() == 4 && x.numel() > 0 && x.is_contiguous(torch::MemoryFormat::ChannelsLast) && !x.is_contiguous();
}

}  // namespace torchwright
