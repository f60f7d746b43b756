#include "engine/layers/recurrent.h"

#include "engine/kernels/dropout.h"
#include "engine/layers/layer_builders.h"

namespace torchwright {

using torch::Tensor;

RecurrentLayer::RecurrentLayer(ParameterBuilder& builder) {
  const PlanNode& node = builder.node();
  const Json& options = node.options;
  kind_ = node.layer == "LSTM"                   ? Kind::lstm
          : node.layer == "GRU"                  ? Kind::gru
          : options.at("nonlinearity") == "relu" ? Kind::rnn_relu
                                                 : Kind::rnn_tanh;
  const std::int64_t gates = kind_ == Kind::lstm ? 4 : kind_ == Kind::gru ? 3 : 1;
  const std::int64_t input_size = options.at("input_size");
  hidden_size_ = options.at("hidden_size");
  projected_size_ = kind_ == Kind::lstm ? options.at("proj_size").get<std::int64_t>() : 0;
  TORCH_CHECK(projected_size_ < hidden_size_, "proj_size has to be smaller than hidden_size");
  layers_ = options.at("num_layers");
  bias_ = options.at("bias");
  dropout_ = options.at("dropout");
  directions_ = options.at("bidirectional").get<bool>() ? 2 : 1;

  const std::int64_t state_size = projected_size_ > 0 ? projected_size_ : hidden_size_;
  for (std::int64_t layer = 0; layer < layers_; ++layer) {
    const std::int64_t inputs = layer == 0 ? input_size : state_size * directions_;
    std::vector<int> parameters;
    for (const char* direction : {"", "_reverse"}) {
      if (directions_ == 1 && *direction != '\0') continue;
      const std::string suffix = "_l" + std::to_string(layer) + direction;
      const auto declare = [&](const char* name, std::vector<std::int64_t> shape, ParameterKind kind) {
        parameters.push_back(builder.parameter(name + suffix, std::move(shape), kind));
      };
      declare("weight_ih", {gates * hidden_size_, inputs}, ParameterKind::weight);
      declare("weight_hh", {gates * hidden_size_, state_size}, ParameterKind::weight);
      if (bias_) declare("bias_ih", {gates * hidden_size_}, ParameterKind::bias);
      if (bias_) declare("bias_hh", {gates * hidden_size_}, ParameterKind::bias);
      if (projected_size_ > 0) declare("weight_hr", {projected_size_, hidden_size_}, ParameterKind::weight);
    }
    parameters_.push_back(std::move(parameters));
  }
}

RecurrentState RecurrentLayer::zeros(std::int64_t batch, const torch::TensorOptions& options) const {
  const std::int64_t state_size = projected_size_ > 0 ? projected_size_ : hidden_size_;
  RecurrentState state = {torch::zeros({layers_ * directions_, batch, state_size}, options)};
  if (kind_ == Kind::lstm) state.push_back(torch::zeros({layers_ * directions_, batch, hidden_size_}, options));
  return state;
}

RecurrentOutput RecurrentLayer::run(const Tensor& given_x, const RecurrentState& given, ForwardContext& context) const {
  TORCH_CHECK(given_x.dim() == 3, "expects [batch, length, features], gets ", given_x.dim(), " dimensions");
  // In mixed precision too all steps are computed in the weights' type: rounding would add up over them.
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  const Tensor& weight = context.store.parameter(parameters_.front().front());
  // oneDNN's LSTM would read beyond the input.
  TORCH_CHECK(given_x.size(2) == weight.size(1), "expects ", weight.size(1), " features, gets ", given_x.size(2));
  const Tensor x = given_x.to(weight.scalar_type());
  const RecurrentState state = given.empty() ? zeros(x.size(0), x.options().requires_grad(false)) : given;
  if (!context.training || dropout_ <= 0) return run_layers(x, state, 0, layers_, context);
  // Layer by layer, so that dropout draws from the engine's generator: cuDNN's own keeps a state that no checkpoint
  // could hold.
  RecurrentOutput output{x, {}};
  std::vector<RecurrentState> states;
  for (std::int64_t layer = 0; layer < layers_; ++layer) {
    if (layer > 0) output.sequence = dropout(output.sequence, dropout_, context.generator);
    RecurrentState own;
    for (const Tensor& tensor : state) own.push_back(tensor.narrow(0, layer * directions_, directions_));
    output = run_layers(output.sequence, own, layer, 1, context);
    states.push_back(output.state);
  }
  for (std::size_t part = 0; part < output.state.size(); ++part) {
    std::vector<Tensor> parts;
    for (const RecurrentState& each : states) parts.push_back(each[part]);
    output.state[part] = torch::cat(parts, 0);
  }
  return output;
}

RecurrentOutput RecurrentLayer::run_layers(const Tensor& x, const RecurrentState& state, std::int64_t first,
                                           std::int64_t count, ForwardContext& context) const {
  std::vector<Tensor> parameters;
  for (std::int64_t layer = first; layer < first + count; ++layer) {
    for (const int index : parameters_[static_cast<std::size_t>(layer)])
      parameters.push_back(context.store.parameter(index));
  }
  const bool both = directions_ == 2;
  const auto with = [&](const auto& function) {
    auto [sequence, hidden] =
        function(x, state[0], parameters, bias_, count, /*dropout=*/0.0, context.training, both, /*batch_first=*/true);
    return RecurrentOutput{sequence, {hidden}};
  };
  switch (kind_) {
    case Kind::rnn_tanh:
      return with([](auto&&... given) { return at::rnn_tanh(given...); });
    case Kind::rnn_relu:
      return with([](auto&&... given) { return at::rnn_relu(given...); });
    case Kind::gru:
      return with([](auto&&... given) { return at::gru(given...); });
    case Kind::lstm:
      break;
  }
  auto [sequence, hidden, memory] =
      at::lstm(x, state, parameters, bias_, count, /*dropout=*/0.0, context.training, both, /*batch_first=*/true);
  return {sequence, {hidden, memory}};
}

LayerBuilders recurrent_builders() {
  return {
      {"RNN", built_as<RecurrentLayer>()},
      {"GRU", built_as<RecurrentLayer>()},
      {"LSTM", built_as<RecurrentLayer>()},
  };
}

}  // namespace torchwright
