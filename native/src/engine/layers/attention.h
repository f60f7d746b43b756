#pragma once

#include <string>

#include "engine/layers/module.h"

namespace torchwright {

/// softmax(Q·Kᵀ / √d)·V (Vaswani et al. 2017, section 3.2.1): [batch, heads, length, d]. q: [batch, heads, length, d],
/// k and v: [batch, heads, source, d]. `mask`: what is added to the products, [length, source], or undefined. While
/// training, weights become zero with probability `dropout`.
torch::Tensor attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v, const torch::Tensor& mask,
                     double dropout, ForwardContext& context);

/// Lets each of `length` places see itself and those before, of `source`, and all of `added` keys behind those.
torch::Tensor causal_mask(std::int64_t length, std::int64_t source, std::int64_t added,
                          const torch::TensorOptions& options);

/// What torch.nn.MultiheadAttention is made by, with its names.
struct AttentionSettings {
  std::int64_t features = 0;
  std::int64_t heads = 1;
  std::int64_t key_features = 0;
  std::int64_t value_features = 0;
  double dropout = 0;
  bool bias = true;
  bool bias_kv = false;
  bool zero_attention = false;
};

/// A part of a layer: torch.nn.MultiheadAttention with the batch first.
class Attention {
 public:
  /// Declares its tensors; their names begin with `prefix`.
  Attention(ParameterBuilder& builder, const std::string& prefix, const AttentionSettings& settings);

  /// [batch, length, features]. query: [batch, length, features], key: [batch, source, key features], value: [batch,
  /// source, value features].
  torch::Tensor forward(const torch::Tensor& query, const torch::Tensor& key, const torch::Tensor& value, bool causal,
                        ForwardContext& context) const;

 private:
  torch::Tensor project(const torch::Tensor& x, int part, ForwardContext& context) const;
  torch::Tensor by_heads(const torch::Tensor& x) const;

  AttentionSettings settings_;
  int weights_[3];  // of queries, keys and values; the same one thrice where they stand in one tensor
  int bias_ = -1;
  int bias_key_ = -1;
  int bias_value_ = -1;
  int out_weight_;
  int out_bias_ = -1;
};

}  // namespace torchwright
