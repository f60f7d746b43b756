#pragma once

#include <napi.h>
#include <torch/torch.h>

#include "engine/session.h"

namespace torchwright {

/// Engine values as JavaScript ones. Arrays are copied into buffers that V8 owns: Electron allows no others.

Napi::Value to_value(Napi::Env env, const EpochProgress& progress);
Napi::Value to_value(Napi::Env env, const TrainOutcome& outcome);
Napi::Value to_value(Napi::Env env, const EvaluateOutcome& outcome);
Napi::Value to_value(Napi::Env env, const Predictions& predictions);
Napi::Value to_value(Napi::Env env, const RateFinding& finding);
Napi::Value to_value(Napi::Env env, const WeightReport& report);
Napi::Value to_value(Napi::Env env, const std::vector<std::string>& names);
Napi::Value to_value(Napi::Env env, const std::vector<std::int64_t>& sizes);
Napi::Value to_value(Napi::Env env, const std::vector<double>& values);

Napi::Value float_array(Napi::Env env, const torch::Tensor& tensor);
Napi::Value int_array(Napi::Env env, const torch::Tensor& tensor);
Napi::Value byte_array(Napi::Env env, const torch::Tensor& tensor);

/// Throws a TypeError that says the argument's `name` where it is no string.
std::string text_argument(const Napi::CallbackInfo& info, std::size_t index, const char* name);

/// Tensors of LossTensor in main/engine/addon.ts: numbers, or whole ones for classes and lengths.
std::vector<torch::Tensor> read_tensors(const Napi::Value& given);

/// SessionDescription of main/engine/addon.ts.
Napi::Value describe(Napi::Env env, Session& session);

}  // namespace torchwright
