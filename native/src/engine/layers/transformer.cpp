#include <optional>
#include <vector>

#include "engine/kernels/dropout.h"
#include "engine/layers/attention.h"
#include "engine/layers/layer_builders.h"
#include "engine/layers/layer_parts.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// What all layers of a transformer share, with PyTorch's names.
struct TransformerSettings {
  explicit TransformerSettings(const Json& options)
      : d_model(options.at("d_model")),
        nhead(options.at("nhead")),
        dim_feedforward(options.at("dim_feedforward")),
        dropout(options.at("dropout")),
        gelu(options.at("activation") == "gelu"),
        eps(options.at("layer_norm_eps")),
        norm_first(options.at("norm_first")),
        bias(options.at("bias")),
        is_causal(options.at("is_causal")) {}

  AttentionSettings attention() const {
    AttentionSettings settings;
    settings.features = settings.key_features = settings.value_features = d_model;
    settings.heads = nhead;
    settings.dropout = dropout;
    settings.bias = bias;
    return settings;
  }

  std::int64_t d_model;
  std::int64_t nhead;
  std::int64_t dim_feedforward;
  double dropout;
  bool gelu;
  double eps;
  bool norm_first;
  bool bias;
  bool is_causal;
};

/// Two linear layers for each place.
class FeedForward {
 public:
  FeedForward(ParameterBuilder& builder, const std::string& prefix, const TransformerSettings& settings)
      : linear1_(builder, prefix + "linear1", settings.d_model, settings.dim_feedforward, settings.bias),
        linear2_(builder, prefix + "linear2", settings.dim_feedforward, settings.d_model, settings.bias),
        gelu_(settings.gelu),
        dropout_(settings.dropout) {}

  Tensor forward(const Tensor& x, ForwardContext& context) const {
    const Tensor wide = linear1_.forward(x, context);
    const Tensor active = gelu_ ? torch::gelu(wide) : torch::relu(wide);
    return linear2_.forward(context.training ? dropout(active, dropout_, context.generator) : active, context);
  }

 private:
  LinearPart linear1_;
  LinearPart linear2_;
  bool gelu_;
  double dropout_;
};

/// What is added to what it is made of, and normalised before or after.
class AddedPart {
 public:
  AddedPart(ParameterBuilder& builder, const std::string& norm, const TransformerSettings& settings)
      : norm_(builder, norm, settings.d_model, settings.eps, settings.bias),
        norm_first_(settings.norm_first),
        dropout_(settings.dropout) {}

  template <typename Part>
  Tensor forward(const Tensor& x, ForwardContext& context, const Part& part) const {
    const auto dropped = [&](const Tensor& y) {
      return context.training ? dropout(y, dropout_, context.generator) : y;
    };
    if (norm_first_) return x + dropped(part(norm_.forward(x, context)));
    return norm_.forward(x + dropped(part(x)), context);
  }

 private:
  LayerNormPart norm_;
  bool norm_first_;
  double dropout_;
};

class EncoderLayer {
 public:
  EncoderLayer(ParameterBuilder& builder, const std::string& prefix, const TransformerSettings& settings)
      : attention_(builder, prefix + "self_attn.", settings.attention()),
        feed_forward_(builder, prefix, settings),
        first_(builder, prefix + "norm1", settings),
        second_(builder, prefix + "norm2", settings) {}

  Tensor forward(const Tensor& x, bool causal, ForwardContext& context) const {
    const Tensor y = first_.forward(
        x, context, [&](const Tensor& each) { return attention_.forward(each, each, each, causal, context); });
    return second_.forward(y, context, [&](const Tensor& each) { return feed_forward_.forward(each, context); });
  }

 private:
  Attention attention_;
  FeedForward feed_forward_;
  AddedPart first_;
  AddedPart second_;
};

class DecoderLayer {
 public:
  DecoderLayer(ParameterBuilder& builder, const std::string& prefix, const TransformerSettings& settings)
      : own_(builder, prefix + "self_attn.", settings.attention()),
        other_(builder, prefix + "multihead_attn.", settings.attention()),
        feed_forward_(builder, prefix, settings),
        first_(builder, prefix + "norm1", settings),
        second_(builder, prefix + "norm2", settings),
        third_(builder, prefix + "norm3", settings) {}

  Tensor forward(const Tensor& x, const Tensor& memory, bool causal, ForwardContext& context) const {
    const Tensor y =
        first_.forward(x, context, [&](const Tensor& each) { return own_.forward(each, each, each, causal, context); });
    const Tensor z = second_.forward(
        y, context, [&](const Tensor& each) { return other_.forward(each, memory, memory, false, context); });
    return third_.forward(z, context, [&](const Tensor& each) { return feed_forward_.forward(each, context); });
  }

 private:
  Attention own_;
  Attention other_;
  FeedForward feed_forward_;
  AddedPart first_;
  AddedPart second_;
  AddedPart third_;
};

/// Layers one after another, and on demand a normalisation.
template <typename Layer>
class LayerStack {
 public:
  LayerStack(ParameterBuilder& builder, const std::string& prefix, const TransformerSettings& settings,
             std::int64_t count, bool norm) {
    for (std::int64_t index = 0; index < count; ++index)
      layers_.emplace_back(builder, prefix + "layers." + std::to_string(index) + ".", settings);
    if (norm) norm_.emplace(builder, prefix + "norm", settings.d_model, settings.eps, settings.bias);
  }

  template <typename... More>
  Tensor forward(const Tensor& x, ForwardContext& context, const More&... more) const {
    Tensor y = x;
    for (const Layer& layer : layers_) y = layer.forward(y, more..., context);
    return norm_ ? norm_->forward(y, context) : y;
  }

 private:
  std::vector<Layer> layers_;
  std::optional<LayerNormPart> norm_;
};

class TransformerEncoderLayer : public Module {
 public:
  explicit TransformerEncoderLayer(ParameterBuilder& builder)
      : settings_(builder.node().options), layer_(builder, "", settings_) {}
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    return layer_.forward(x, settings_.is_causal, context);
  }

 private:
  TransformerSettings settings_;
  EncoderLayer layer_;
};

class TransformerEncoder : public Module {
 public:
  explicit TransformerEncoder(ParameterBuilder& builder)
      : settings_(builder.node().options),
        stack_(builder, "", settings_, builder.node().options.at("num_layers"), builder.node().options.at("norm")) {}
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    return stack_.forward(x, context, settings_.is_causal);
  }

 private:
  TransformerSettings settings_;
  LayerStack<EncoderLayer> stack_;
};

/// Takes the sequence and the memory.
class TransformerDecoderLayer : public FlowModule {
 public:
  explicit TransformerDecoderLayer(ParameterBuilder& builder)
      : settings_(builder.node().options), layer_(builder, "", settings_) {}
  std::size_t takes() const override { return 2; }
  Flow forward_flow(const Flow& inputs, ForwardContext& context) override {
    return {layer_.forward(inputs.at(0), inputs.at(1), settings_.is_causal, context)};
  }

 private:
  TransformerSettings settings_;
  DecoderLayer layer_;
};

class TransformerDecoder : public FlowModule {
 public:
  explicit TransformerDecoder(ParameterBuilder& builder)
      : settings_(builder.node().options),
        stack_(builder, "", settings_, builder.node().options.at("num_layers"), builder.node().options.at("norm")) {}
  std::size_t takes() const override { return 2; }
  Flow forward_flow(const Flow& inputs, ForwardContext& context) override {
    return {stack_.forward(inputs.at(0), context, inputs.at(1), settings_.is_causal)};
  }

 private:
  TransformerSettings settings_;
  LayerStack<DecoderLayer> stack_;
};

/// Takes source and target.
class Transformer : public FlowModule {
 public:
  explicit Transformer(ParameterBuilder& builder)
      : settings_(builder.node().options),
        encoder_(builder, "encoder.", settings_, builder.node().options.at("num_encoder_layers"), true),
        decoder_(builder, "decoder.", settings_, builder.node().options.at("num_decoder_layers"), true) {}
  std::size_t takes() const override { return 2; }
  Flow forward_flow(const Flow& inputs, ForwardContext& context) override {
    const Tensor memory = encoder_.forward(inputs.at(0), context, false);
    return {decoder_.forward(inputs.at(1), context, memory, settings_.is_causal)};
  }

 private:
  TransformerSettings settings_;
  LayerStack<EncoderLayer> encoder_;
  LayerStack<DecoderLayer> decoder_;
};

}  // namespace

LayerBuilders transformer_builders() {
  return {
      {"TransformerEncoderLayer", built_as<TransformerEncoderLayer>()},
      {"TransformerEncoder", built_as<TransformerEncoder>()},
      {"TransformerDecoderLayer", built_as<TransformerDecoderLayer>()},
      {"TransformerDecoder", built_as<TransformerDecoder>()},
      {"Transformer", built_as<Transformer>()},
  };
}

}  // namespace torchwright
