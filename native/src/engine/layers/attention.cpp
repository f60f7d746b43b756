#include "engine/layers/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/kernels/dropout.h"
#include "engine/layers/layer_builders.h"
#include "engine/layers/layer_parts.h"

namespace torchwright {

using torch::Tensor;

Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask, double dropout_probability,
              ForwardContext& context) {
  if (!context.training || dropout_probability <= 0) {
    const auto added = mask.defined() ? std::make_optional(mask) : std::nullopt;
    return at::scaled_dot_product_attention(q, k, v, added);
  }
  // libtorch's own would draw from its own generator.
  Tensor products = q.mul(1 / std::sqrt(static_cast<double>(q.size(-1)))).matmul(k.transpose(-2, -1));
  if (mask.defined()) products = products + mask;
  return dropout(products.softmax(-1), dropout_probability, context.generator).matmul(v);
}

Tensor causal_mask(std::int64_t length, std::int64_t source, std::int64_t added, const torch::TensorOptions& options) {
  const double hidden = -std::numeric_limits<double>::infinity();
  const Tensor mask = torch::full({length, source}, hidden, options).triu(1);
  return torch::constant_pad_nd(mask, {0, added});
}

Attention::Attention(ParameterBuilder& builder, const std::string& prefix, const AttentionSettings& settings)
    : settings_(settings) {
  const std::int64_t features = settings.features;
  TORCH_CHECK(features % settings.heads == 0, "cannot divide ", features, " features among ", settings.heads, " heads");
  // PyTorch's order.
  if (settings.key_features == features && settings.value_features == features) {
    const int one = builder.parameter(prefix + "in_proj_weight", {3 * features, features}, ParameterKind::weight);
    for (int& weight : weights_) weight = one;
  } else {
    weights_[0] = builder.parameter(prefix + "q_proj_weight", {features, features}, ParameterKind::weight);
    weights_[1] = builder.parameter(prefix + "k_proj_weight", {features, settings.key_features}, ParameterKind::weight);
    weights_[2] =
        builder.parameter(prefix + "v_proj_weight", {features, settings.value_features}, ParameterKind::weight);
  }
  if (settings.bias) bias_ = builder.parameter(prefix + "in_proj_bias", {3 * features}, ParameterKind::bias);
  if (settings.bias_kv) {
    bias_key_ = builder.parameter(prefix + "bias_k", {1, 1, features}, ParameterKind::bias);
    bias_value_ = builder.parameter(prefix + "bias_v", {1, 1, features}, ParameterKind::bias);
  }
  out_weight_ = builder.parameter(prefix + "out_proj.weight", {features, features}, ParameterKind::weight);
  if (settings.bias) out_bias_ = builder.parameter(prefix + "out_proj.bias", {features}, ParameterKind::bias);
}

Tensor Attention::forward(const Tensor& query, const Tensor& key, const Tensor& value, bool causal,
                          ForwardContext& context) const {
  TORCH_CHECK(query.dim() == 3 && key.dim() == 3 && value.dim() == 3,
              "expects [batch, length, features], gets a tensor of another number of dimensions");
  TORCH_CHECK(key.size(1) == value.size(1), "needs as many values as keys, gets ", key.size(1), " keys and ",
              value.size(1), " values");
  const std::int64_t batch = query.size(0);
  Tensor k;
  Tensor v;
  Tensor q;
  if (query.is_same(key) && key.is_same(value) && weights_[0] == weights_[2]) {
    // One product for all three.
    const Tensor bias = bias_ < 0 ? Tensor() : context.store.parameter(bias_);
    const auto all = torch::linear(query, context.store.parameter(weights_[0]), bias).chunk(3, -1);
    q = all[0];
    k = all[1];
    v = all[2];
  } else {
    q = project(query, 0, context);
    k = project(key, 1, context);
    v = project(value, 2, context);
  }
  std::int64_t added = 0;
  if (bias_key_ >= 0) {
    k = torch::cat({k, context.store.parameter(bias_key_).expand({batch, 1, settings_.features})}, 1);
    v = torch::cat({v, context.store.parameter(bias_value_).expand({batch, 1, settings_.features})}, 1);
    ++added;
  }
  if (settings_.zero_attention) {
    k = torch::constant_pad_nd(k, {0, 0, 0, 1});
    v = torch::constant_pad_nd(v, {0, 0, 0, 1});
    ++added;
  }
  const Tensor mask = causal ? causal_mask(query.size(1), key.size(1), added, q.options()) : Tensor();
  const Tensor seen = attend(by_heads(q), by_heads(k), by_heads(v), mask, settings_.dropout, context);
  const Tensor out_bias = out_bias_ < 0 ? Tensor() : context.store.parameter(out_bias_);
  return torch::linear(seen.transpose(1, 2).reshape({batch, query.size(1), settings_.features}),
                       context.store.parameter(out_weight_), out_bias);
}

/// `part`: 0 for queries, 1 for keys, 2 for values, as their rows stand in the tensors of all three.
Tensor Attention::project(const Tensor& x, int part, ForwardContext& context) const {
  const std::int64_t features = settings_.features;
  const Tensor& weights = context.store.parameter(weights_[part]);
  const Tensor own = weights_[0] == weights_[2] ? weights.narrow(0, part * features, features) : weights;
  const Tensor bias = bias_ < 0 ? Tensor() : context.store.parameter(bias_).narrow(0, part * features, features);
  return torch::linear(x, own, bias);
}

/// [batch, length, features] → [batch, heads, length, features / heads]
Tensor Attention::by_heads(const Tensor& x) const {
  return x.reshape({x.size(0), x.size(1), settings_.heads, settings_.features / settings_.heads}).transpose(1, 2);
}

namespace {

/// Of one input, which attends to itself; of two, queries and what gives both keys and values; or of all three.
class MultiheadAttention : public FlowModule {
 public:
  explicit MultiheadAttention(ParameterBuilder& builder)
      : attention_(builder, "", settings_of(builder.node().options)),
        inputs_(builder.node().options.at("inputs")),
        causal_(builder.node().options.at("is_causal")) {}

  std::size_t takes() const override { return inputs_; }
  Flow forward_flow(const Flow& inputs, ForwardContext& context) override {
    const Tensor& key = inputs.at(std::min<std::size_t>(inputs_, 2) - 1);
    return {attention_.forward(inputs.at(0), key, inputs.at(inputs_ - 1), causal_, context)};
  }

 private:
  static AttentionSettings settings_of(const Json& options) {
    AttentionSettings settings;
    settings.features = options.at("embed_dim");
    settings.heads = options.at("num_heads");
    settings.key_features = options.at("kdim");
    settings.value_features = options.at("vdim");
    settings.dropout = options.at("dropout");
    settings.bias = options.at("bias");
    settings.bias_kv = options.at("add_bias_kv");
    settings.zero_attention = options.at("add_zero_attn");
    return settings;
  }

  Attention attention_;
  std::size_t inputs_;
  bool causal_;
};

class SelfAttention : public Module {
 public:
  explicit SelfAttention(ParameterBuilder& builder)
      : SelfAttention(builder, builder.node().options.at("dim").get<std::int64_t>(),
                      builder.node().options.at("norm").get<bool>()) {}

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    TORCH_CHECK(x.dim() == 3, "expects [batch, length, features], gets ", x.dim(), " dimensions");
    const Tensor all = in_.forward(norm_ ? norm_->forward(x, context) : x, context);
    // [3, batch, heads, length, features / heads]
    const Tensor parts = all.reshape({x.size(0), x.size(1), 3, heads_, x.size(2) / heads_}).permute({2, 0, 3, 1, 4});
    const Tensor mask = causal_ ? causal_mask(x.size(1), x.size(1), 0, parts.options()) : Tensor();
    const Tensor seen = attend(parts[0], parts[1], parts[2], mask, dropout_, context);
    return out_.forward(seen.transpose(1, 2).reshape(x.sizes()), context);
  }
  bool output_is_free() const override { return true; }

 private:
  SelfAttention(ParameterBuilder& builder, std::int64_t features, bool norm)
      : norm_(norm ? std::make_optional<LayerNormPart>(builder, "norm", features, 1e-5, true) : std::nullopt),
        in_(builder, "in_proj", features, 3 * features, !norm),
        out_(builder, "out_proj", features, features, true),
        heads_(builder.node().options.at("heads")),
        dropout_(builder.node().options.at("dropout")),
        causal_(builder.node().options.at("is_causal")) {
    TORCH_CHECK(features % heads_ == 0, "cannot divide ", features, " features among ", heads_, " heads");
  }

  std::optional<LayerNormPart> norm_;
  LinearPart in_;
  LinearPart out_;
  std::int64_t heads_;
  double dropout_;
  bool causal_;
};

}  // namespace

LayerBuilders attention_builders() {
  return {
      {"MultiheadAttention", built_as<MultiheadAttention>()},
      {"SelfAttention", built_as<SelfAttention>()},
  };
}

}  // namespace torchwright
