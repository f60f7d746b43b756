#include "engine/training/averaging.h"

#include "engine/runtime/failure.h"

namespace torchwright {

using torch::Tensor;

namespace {

std::vector<Tensor> parameters_of(const ParameterStore& store) {
  std::vector<Tensor> tensors;
  for (const Parameter& parameter : store.parameters) tensors.push_back(parameter.tensor.detach());
  return tensors;
}

std::vector<Tensor> buffers_of(const ParameterStore& store) {
  std::vector<Tensor> tensors;
  for (const Buffer& buffer : store.buffers) tensors.push_back(buffer.tensor);
  return tensors;
}

std::vector<Tensor> copies(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> result;
  for (const Tensor& tensor : tensors) result.push_back(tensor.clone());
  return result;
}

/// Only batch norms (and instance norms, which keep it at 0) count the batches they have seen.
bool has_batch_statistics(const ParameterStore& store) {
  for (const Buffer& buffer : store.buffers) {
    if (buffer.name.ends_with("num_batches_tracked")) return true;
  }
  return false;
}

}  // namespace

void WeightAverage::add() {
  const torch::NoGradGuard no_grad;
  const std::vector<Tensor> parameters = parameters_of(store_);
  const std::vector<Tensor> buffers = buffers_of(store_);
  if (count_ == 0) {
    parameters_ = copies(parameters);
    buffers_ = copies(buffers);
  } else {
    const double share = settings_.kind == "ema" ? 1 - settings_.decay : 1 / static_cast<double>(count_ + 1);
    at::_foreach_lerp_(parameters_, parameters, share);
    for (std::size_t index = 0; index < buffers.size(); ++index) {
      const bool is_averaged = settings_.norms == "averaged" && buffers[index].is_floating_point();
      if (is_averaged)
        buffers_[index].lerp_(buffers[index], share);
      else
        buffers_[index].copy_(buffers[index]);
    }
  }
  ++count_;
  needs_statistics_ = settings_.norms == "recomputed" && has_batch_statistics(store_);
}

void WeightAverage::look_ahead(double share) {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> parameters = parameters_of(store_);
  at::_foreach_lerp_(parameters_, parameters, share);
  at::_foreach_copy_(parameters, parameters_);
  const std::vector<Tensor> buffers = buffers_of(store_);
  for (std::size_t index = 0; index < buffers.size(); ++index) {
    if (settings_.norms == "averaged" && buffers[index].is_floating_point()) {
      buffers_[index].lerp_(buffers[index], share);
      buffers[index].copy_(buffers_[index]);
    } else {
      buffers_[index].copy_(buffers[index]);
    }
  }
  ++count_;
  needs_statistics_ = settings_.norms == "recomputed" && has_batch_statistics(store_);
}

void WeightAverage::swap() {
  for (std::size_t index = 0; index < parameters_.size(); ++index)
    std::swap(store_.parameters[index].tensor, parameters_[index]);
  for (std::size_t index = 0; index < buffers_.size(); ++index)
    std::swap(store_.buffers[index].tensor, buffers_[index]);
}

NamedTensors WeightAverage::tensors() const {
  NamedTensors tensors;
  for (std::size_t index = 0; index < parameters_.size(); ++index)
    tensors.emplace_back(store_.parameters[index].name, parameters_[index]);
  for (std::size_t index = 0; index < buffers_.size(); ++index)
    tensors.emplace_back(store_.buffers[index].name, buffers_[index]);
  return tensors;
}

NamedTensors WeightAverage::state() const {
  if (!exists()) return {};
  NamedTensors state;
  for (const auto& [name, tensor] : tensors()) state.emplace_back("weights." + name, tensor);
  state.emplace_back("position", torch::tensor({count_, static_cast<std::int64_t>(needs_statistics_)}, torch::kInt64));
  return state;
}

void WeightAverage::load_state(const std::map<std::string, Tensor>& state, const std::string& source) {
  parameters_.clear();
  buffers_.clear();
  count_ = 0;
  const auto position = state.find("position");
  if (position == state.end()) return;
  const torch::NoGradGuard no_grad;
  const auto filled = [&](std::vector<Tensor> tensors, const auto& named) {
    for (std::size_t index = 0; index < tensors.size(); ++index) {
      const auto found = state.find("weights." + named[index].name);
      if (found == state.end() || found->second.sizes() != tensors[index].sizes())
        throw EngineFailure("badData", source + " holds no average of " + named[index].name + " as the network has it.",
                            source);
      tensors[index].copy_(found->second);
    }
    return tensors;
  };
  parameters_ = filled(copies(parameters_of(store_)), store_.parameters);
  buffers_ = filled(copies(buffers_of(store_)), store_.buffers);
  count_ = position->second[0].item<std::int64_t>();
  needs_statistics_ = position->second[1].item<std::int64_t>() != 0;
}

}  // namespace torchwright
