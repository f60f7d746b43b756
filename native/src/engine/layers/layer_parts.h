#pragma once

#include <string>

#include "engine/layers/module.h"

namespace torchwright {

/// A linear layer within another layer, which names its tensors after it: [batch, …, in] to [batch, …, out].
class LinearPart {
 public:
  LinearPart(ParameterBuilder& builder, const std::string& name, std::int64_t in, std::int64_t out, bool bias)
      : weight_(builder.parameter(name + ".weight", {out, in}, ParameterKind::weight)),
        bias_(bias ? builder.parameter(name + ".bias", {out}, ParameterKind::bias) : -1) {}

  torch::Tensor forward(const torch::Tensor& x, ForwardContext& context) const {
    const torch::Tensor bias = bias_ < 0 ? torch::Tensor() : context.store.parameter(bias_);
    return torch::linear(x, context.store.parameter(weight_), bias);
  }

 private:
  int weight_;
  int bias_;
};

/// Layer normalisation (Ba et al. 2016) over the last dimension, which has `features` elements.
class LayerNormPart {
 public:
  LayerNormPart(ParameterBuilder& builder, const std::string& name, std::int64_t features, double eps, bool bias)
      : features_(features),
        eps_(eps),
        weight_(builder.parameter(name + ".weight", {features}, ParameterKind::norm)),
        bias_(bias ? builder.parameter(name + ".bias", {features}, ParameterKind::bias) : -1) {}

  torch::Tensor forward(const torch::Tensor& x, ForwardContext& context) const {
    const torch::Tensor bias = bias_ < 0 ? torch::Tensor() : context.store.parameter(bias_);
    return torch::layer_norm(x, {features_}, context.store.parameter(weight_), bias, eps_);
  }

 private:
  std::int64_t features_;
  double eps_;
  int weight_;
  int bias_;
};

}  // namespace torchwright
