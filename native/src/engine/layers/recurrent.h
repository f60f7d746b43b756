#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/layers/module.h"

namespace torchwright {

/// Tensors that go from step to step: the hidden state, and of an LSTM the memory after it.
/// Each [layers · directions, batch, features].
using RecurrentState = std::vector<torch::Tensor>;

struct RecurrentOutput {
  torch::Tensor sequence;  // [batch, length, features · directions]
  RecurrentState state;    // after the last step
};

/// RNN, GRU and LSTM of torch.nn with `batch_first`.
class RecurrentLayer : public Module {
 public:
  explicit RecurrentLayer(ParameterBuilder& builder);

  /// From zeros; the outputs of all steps.
  torch::Tensor forward(const torch::Tensor& x, ForwardContext& context) override {
    return run(x, {}, context).sequence;
  }

  /// given_x: [batch, length, features]. An empty state stands for zeros.
  RecurrentOutput run(const torch::Tensor& given_x, const RecurrentState& given, ForwardContext& context) const;

  /// Of a state for `batch` samples.
  RecurrentState zeros(std::int64_t batch, const torch::TensorOptions& options) const;

 private:
  RecurrentOutput run_layers(const torch::Tensor& x, const RecurrentState& state, std::int64_t first,
                             std::int64_t count, ForwardContext& context) const;

  enum class Kind { rnn_tanh, rnn_relu, gru, lstm };
  Kind kind_;
  std::int64_t hidden_size_;
  std::int64_t projected_size_;  // 0: none
  std::int64_t layers_;
  bool bias_;
  double dropout_;
  std::int64_t directions_;
  std::vector<std::vector<int>> parameters_;  // of each layer, both directions
};

}  // namespace torchwright
