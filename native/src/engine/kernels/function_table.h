#pragma once

#include <torch/torch.h>

#include <functional>

namespace torchwright {

/// A function of one number, such as GELU, for networks that compute in bfloat16 on the CPU: there are 65,536 such
/// numbers, whose values and derivatives are computed once, in float64, and looked up from then on. What the layers of
/// a network give lies in a few hundred of the table's cache lines, so that little more than memory traffic is left,
/// and each value is the nearest bfloat16.
class FunctionTable {
 public:
  using Function = std::function<torch::Tensor(const torch::Tensor&)>;

  /// `function` works element by element, and libtorch knows its derivative.
  explicit FunctionTable(Function function) : function_(std::move(function)) {}

  /// By the table where x is dense, in bfloat16 and on the CPU, else by the function itself.
  torch::Tensor operator()(const torch::Tensor& x);

 private:
  void fill();

  Function function_;
  torch::Tensor values_;  // bfloat16, by the argument's bits; undefined before the first use
  torch::Tensor slopes_;  // float32, likewise
};

}  // namespace torchwright
