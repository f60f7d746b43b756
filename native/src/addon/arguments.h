#pragma once

#include <napi.h>
#include <torch/torch.h>

#include <string>
#include <vector>

#include "engine/evaluation/predictor.h"
#include "engine/training/rate_finder.h"
#include "engine/training/step_profiler.h"

namespace torchwright {

/// The argument of this index as an engine value. Throws a TypeError where it is none: one of the program, which users
/// do not see. The arguments are described in main/engine/addon.ts.
template <typename Value>
Value argument(const Napi::CallbackInfo& info, std::size_t index);

template <>
std::string argument(const Napi::CallbackInfo& info, std::size_t index);
template <>
bool argument(const Napi::CallbackInfo& info, std::size_t index);
template <>
std::int64_t argument(const Napi::CallbackInfo& info, std::size_t index);
template <>
std::uint64_t argument(const Napi::CallbackInfo& info, std::size_t index);
/// An Int32Array.
template <>
std::vector<std::int64_t> argument(const Napi::CallbackInfo& info, std::size_t index);
/// Flat, from a Float32Array or an Int32Array, which gives int64; undefined where there is nothing.
template <>
torch::Tensor argument(const Napi::CallbackInfo& info, std::size_t index);
template <>
SplitName argument(const Napi::CallbackInfo& info, std::size_t index);
/// Those of the last step where there is nothing.
template <>
WeightsName argument(const Napi::CallbackInfo& info, std::size_t index);
/// Three numbers a view: whether it is flipped, and its shift down and to the right.
template <>
std::vector<TestView> argument(const Napi::CallbackInfo& info, std::size_t index);
template <>
TrainRequest argument(const Napi::CallbackInfo& info, std::size_t index);
template <>
FindRateRequest argument(const Napi::CallbackInfo& info, std::size_t index);
template <>
ProfileRequest argument(const Napi::CallbackInfo& info, std::size_t index);

/// Tensors of LossTensor in main/engine/addon.ts: numbers, or whole ones for classes and lengths.
std::vector<torch::Tensor> read_tensors(const Napi::Value& given);

}  // namespace torchwright
