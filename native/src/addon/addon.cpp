// The module as Node loads it: Addon of main/engine/addon.ts.

#include <ATen/Parallel.h>
#include <napi.h>
#include <torch/torch.h>

#include "engine/devices.h"
#include "engine/failure.h"
#include "engine/network.h"
#include "promised_work.h"
#include "session_object.h"
#include "values.h"

namespace torchwright {
namespace {

Napi::Value versions(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Object object = Napi::Object::New(env);
  object.Set("libtorch", libtorch_version());
  const std::string cuda = cuda_version();
  object.Set("cuda", cuda.empty() ? env.Null() : Napi::Value(Napi::String::New(env, cuda)));
  object.Set("openmp", at::hasOpenMP());
  object.Set("cpuCapability", cpu_capability());
  return object;
}

Napi::Value devices(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto bytes = [env](const std::optional<std::int64_t>& value) {
    return value ? Napi::Value(Napi::Number::New(env, static_cast<double>(*value))) : env.Null();
  };
  Napi::Array array = Napi::Array::New(env);
  for (const DeviceInfo& device : list_devices()) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("id", device.id);
    object.Set("name", device.name);
    object.Set("totalMemory", bytes(device.total_memory));
    object.Set("freeMemory", bytes(device.free_memory));
    array.Set(array.Length(), object);
  }
  return array;
}

struct Probe {
  std::vector<std::int64_t> output_shape;
  std::int64_t parameters = 0;
};

/// One layer on two samples of zeros. Only what libtorch itself says counts: no rule of ours.
Probe probe(const std::string& layer, std::vector<std::int64_t> shape) {
  const torch::NoGradGuard no_grad;
  at::Generator generator = at::detail::createCPUGenerator(1);
  PlanNode node;
  try {
    node = parse_plan_node(Json::parse(layer));
  } catch (const Json::exception& error) {
    throw EngineFailure("badProject", error.what());
  }
  Network network(node, generator);
  shape.insert(shape.begin(), 2);
  Probe result;
  result.output_shape = network.forward(torch::zeros(shape), generator, /*training=*/true).sizes().slice(1).vec();
  for (const Parameter& parameter : network.store().parameters) result.parameters += parameter.tensor.numel();
  return result;
}

Napi::Value probe_layer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (info.Length() < 2 || !info[0].IsString() || !info[1].IsArray())
    throw Napi::TypeError::New(env, "probeLayer needs a plan layer as JSON and an input shape");
  const std::string layer = info[0].As<Napi::String>();
  const auto array = info[1].As<Napi::Array>();
  std::vector<std::int64_t> shape;
  for (std::uint32_t index = 0; index < array.Length(); ++index)
    shape.push_back(array.Get(index).As<Napi::Number>().Int64Value());
  const Probe result = with_errors(env, [&] { return probe(layer, shape); });
  Napi::Object object = Napi::Object::New(env);
  object.Set("outputShape", to_value(env, result.output_shape));
  object.Set("parameters", static_cast<double>(result.parameters));
  return object;
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("versions", Napi::Function::New<versions>(env));
  exports.Set("devices", Napi::Function::New<devices>(env));
  exports.Set("createSession", Napi::Function::New<SessionObject::create>(env));
  exports.Set("probeLayer", Napi::Function::New<probe_layer>(env));
  return exports;
}

}  // namespace
}  // namespace torchwright

static Napi::Object initialise_module(Napi::Env env, Napi::Object exports) {
  return torchwright::initialise(env, exports);
}

NODE_API_MODULE(torchwright, initialise_module)
