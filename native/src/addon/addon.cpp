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

struct ModuleAnswer {
  torch::Tensor output;
  torch::Tensor input_gradient;
};

/// One module alone, forward and back from the sum of its outputs. No rule of ours: libtorch says what goes.
ModuleAnswer compute(const std::string& text, torch::Tensor input, bool training, std::uint64_t seed, int threads) {
  at::set_num_threads(threads);
  at::Generator generator = at::detail::createCPUGenerator(seed);
  PlanNode node;
  try {
    node = parse_plan_node(Json::parse(text));
  } catch (const Json::exception& error) {
    throw EngineFailure("badProject", error.what());
  }
  Network network(node, generator);
  network.to(torch::kCPU, network.has_convolution());
  input.set_requires_grad(true);
  const torch::Tensor output = network.forward(input, generator, training);
  output.sum().backward();
  return {output.detach(), input.grad().defined() ? input.grad() : torch::zeros_like(input)};
}

Napi::Value compute_module(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (info.Length() < 2 || !info[0].IsString() || !info[1].IsObject())
    throw Napi::TypeError::New(env, "computeModule needs a plan node as JSON and a question");
  const std::string text = info[0].As<Napi::String>();
  const auto question = info[1].As<Napi::Object>();
  const auto sizes = question.Get("shape").As<Napi::Array>();
  std::vector<std::int64_t> shape;
  for (std::uint32_t index = 0; index < sizes.Length(); ++index)
    shape.push_back(sizes.Get(index).As<Napi::Number>().Int64Value());
  const auto values = question.Get("input").As<Napi::Float32Array>();
  torch::Tensor input = torch::empty(shape);
  if (static_cast<std::size_t>(input.numel()) != values.ElementLength())
    throw Napi::TypeError::New(env, "input does not have as many elements as its shape says");
  std::copy(values.Data(), values.Data() + values.ElementLength(), input.data_ptr<float>());
  const bool training = question.Get("training").As<Napi::Boolean>();
  const auto seed = static_cast<std::uint64_t>(question.Get("seed").As<Napi::Number>().Int64Value());
  const int threads = question.Get("threads").As<Napi::Number>();

  const ModuleAnswer answer = with_errors(env, [&] { return compute(text, input, training, seed, threads); });
  Napi::Object object = Napi::Object::New(env);
  object.Set("shape", to_value(env, answer.output.sizes().vec()));
  object.Set("output", float_array(env, answer.output));
  object.Set("inputGradient", float_array(env, answer.input_gradient));
  return object;
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("versions", Napi::Function::New<versions>(env));
  exports.Set("devices", Napi::Function::New<devices>(env));
  exports.Set("createSession", Napi::Function::New<SessionObject::create>(env));
  exports.Set("computeModule", Napi::Function::New<compute_module>(env));
  return exports;
}

}  // namespace
}  // namespace torchwright

static Napi::Object initialise_module(Napi::Env env, Napi::Object exports) {
  return torchwright::initialise(env, exports);
}

NODE_API_MODULE(torchwright, initialise_module)
