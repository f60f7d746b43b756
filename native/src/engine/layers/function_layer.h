#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "engine/layers/module.h"

namespace torchwright {

/// A layer without tensors of its own: a function of its input.
class FunctionLayer : public Module {
 public:
  using Function = std::function<torch::Tensor(const torch::Tensor&)>;
  explicit FunctionLayer(Function function) : function_(std::move(function)) {}
  torch::Tensor forward(const torch::Tensor& x, ForwardContext&) override { return function_(x); }

 private:
  Function function_;
};

inline ModulePointer from_function(FunctionLayer::Function function) {
  return std::make_unique<FunctionLayer>(std::move(function));
}

}  // namespace torchwright
