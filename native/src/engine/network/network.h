#pragma once

#include "engine/layers/module.h"

namespace torchwright {

/// A network built from a plan: its parameters, and the function they make.
class Network {
 public:
  /// Parameters are initialised on the CPU from `generator`, so that a seed gives the same weights on any device.
  Network(const PlanNode& root, torch::Generator& generator);

  /// x: [batch, …] in floats on the network's device.
  torch::Tensor forward(const torch::Tensor& x, torch::Generator& generator, bool training);

  /// The same for a network of several inputs.
  Flow forward_flow(const Flow& inputs, torch::Generator& generator, bool training);

  /// In evaluation; `trace`: what each layer and join gives, unless null. With gradients enabled, one can differentiate
  /// by what layers gave.
  Flow compute(const Flow& inputs, std::vector<TracedModule>* trace);

  /// As in training or not, and what each layer and join gave; without gradients.
  torch::Tensor forward_traced(const torch::Tensor& x, torch::Generator& generator, bool training,
                               std::vector<TracedModule>& trace);

  /// Moves parameters and buffers; `channels_last` gives weights of convolutions that memory layout.
  void to(const torch::Device& device, bool channels_last);

  ParameterStore& store() { return store_; }

  /// Whether there is a two-dimensional convolution in it: then images travel channels-last.
  bool has_convolution() const { return has_convolution_; }

  /// The name of the layer that computes the output: `LogSoftmax` says the output is log-probabilities.
  const std::string& last_layer() const { return last_layer_; }

 private:
  ModulePointer build(const PlanNode& node);

  ParameterStore store_;
  ModulePointer root_;
  bool has_convolution_ = false;
  std::string last_layer_;
};

}  // namespace torchwright
