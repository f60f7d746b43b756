#pragma once

#include <napi.h>
#include <torch/torch.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/network/weights.h"
#include "engine/runtime/devices.h"
#include "engine/session/session.h"

namespace torchwright {

/// Engine values as JavaScript ones, by the types of main/engine/addon.ts. Arrays are copied into buffers that V8 owns:
/// Electron allows no others.

Napi::Value to_value(Napi::Env env, bool value);
Napi::Value to_value(Napi::Env env, double value);
Napi::Value to_value(Napi::Env env, std::int64_t value);
Napi::Value to_value(Napi::Env env, const std::string& text);
/// Its elements: a Uint8Array of bytes, a Float32Array of floats, an Int32Array of other whole numbers.
Napi::Value to_value(Napi::Env env, const torch::Tensor& tensor);

Napi::Value to_value(Napi::Env env, const DeviceInfo& device);
Napi::Value to_value(Napi::Env env, const EpochProgress& progress);
Napi::Value to_value(Napi::Env env, const TrainOutcome& outcome);
Napi::Value to_value(Napi::Env env, const EvaluateOutcome& outcome);
Napi::Value to_value(Napi::Env env, const Predictions& predictions);
Napi::Value to_value(Napi::Env env, const RateFinding& finding);
Napi::Value to_value(Napi::Env env, const StepTimes& times);
Napi::Value to_value(Napi::Env env, const StepProfile::Row& row);
Napi::Value to_value(Napi::Env env, const WeightReport& report);
Napi::Value to_value(Napi::Env env, const WeightReport::OtherShape& tensor);
Napi::Value to_value(Napi::Env env, const Divergence& found);
Napi::Value to_value(Napi::Env env, const ModuleAddress& address);
/// Of samples: their shape, numbers and labels.
Napi::Value to_value(Napi::Env env, const Batch& batch);
Napi::Value to_value(Napi::Env env, const Parameter& parameter);
Napi::Value to_value(Napi::Env env, const Buffer& buffer);

/// SessionDescription.
Napi::Value describe(Napi::Env env, Session& session);

/// null where there is nothing.
template <typename Value>
Napi::Value to_value(Napi::Env env, const std::optional<Value>& value) {
  return value ? to_value(env, *value) : env.Null();
}

template <typename Value>
Napi::Value to_value(Napi::Env env, const std::vector<Value>& values) {
  Napi::Array array = Napi::Array::New(env, values.size());
  for (std::uint32_t index = 0; index < values.size(); ++index) array.Set(index, to_value(env, values[index]));
  return array;
}

inline void set_fields(Napi::Object&) {}

/// Name after value after name after value.
template <typename Value, typename... Others>
void set_fields(Napi::Object& object, const char* name, const Value& value, const Others&... others) {
  if constexpr (std::is_base_of_v<Napi::Value, Value>) {
    object.Set(name, value);
  } else {
    object.Set(name, to_value(object.Env(), value));
  }
  set_fields(object, others...);
}

template <typename... Fields>
Napi::Object object_of(Napi::Env env, const Fields&... fields) {
  Napi::Object object = Napi::Object::New(env);
  set_fields(object, fields...);
  return object;
}

}  // namespace torchwright
