#include "exported.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <filesystem>

#include "arguments.h"
#include "engine/evaluation/explain.h"
#include "engine/formats/safetensors.h"
#include "engine/formats/torch_script.h"
#include "engine/network/network.h"
#include "engine/network/weights.h"
#include "engine/runtime/failure.h"
#include "promised_work.h"
#include "values.h"

namespace torchwright {
namespace {

/// As long as the process lives: what is under way when it ends needs it to the last.
WorkThread& work_thread() {
  static WorkThread* thread = new WorkThread();
  return *thread;
}

Flow inputs_argument(const Napi::CallbackInfo& info, std::size_t index) {
  if (info.Length() <= index || !info[index].IsArray())
    throw Napi::TypeError::New(info.Env(), "inputs must be a list of tensors");
  return read_tensors(info[index]);
}

Json parse_json(const std::string& text) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {
    throw EngineFailure("badProject", error.what());
  }
}

Napi::Value tensor_value(Napi::Env env, const torch::Tensor& tensor) {
  return object_of(env, "shape", tensor.sizes().vec(), "data", tensor.to(torch::kFloat32));
}

Napi::Value tensors_value(Napi::Env env, const Flow& tensors) {
  Napi::Array array = Napi::Array::New(env);
  for (const torch::Tensor& tensor : tensors) array.Set(array.Length(), tensor_value(env, tensor));
  return array;
}

Answer traced_answer(const Flow& outputs, const std::vector<TracedModule>& trace) {
  return [outputs, trace](Napi::Env env) -> Napi::Value {
    Napi::Array modules = Napi::Array::New(env);
    for (const TracedModule& module : trace) {
      const auto& [path, key, type] = module.address;
      modules.Set(modules.Length(), object_of(env, "path", path, "key", key, "type", type, "outputs",
                                              tensors_value(env, module.outputs)));
    }
    return object_of(env, "outputs", tensors_value(env, outputs), "modules", modules);
  };
}

std::unique_ptr<Network> read_network(const std::string& node, const std::string& weights) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  auto network = std::make_unique<Network>(parse_plan_node(parse_json(node)), generator);
  network->to(torch::kCPU, network->has_convolution());
  put_weights(network->store(), read_safetensors(weights).tensors, weights);
  return network;
}

struct KeptNetwork {
  std::string node, weights;
  /// Of the file, to know it for the same.
  std::filesystem::file_time_type written;
  std::uintmax_t size;
  std::unique_ptr<Network> network;
};

/// Whoever looks at a network asks it many times; beside it, what gives its last hidden layer. On the work thread only.
/// Valid until the next call.
Network& network_of(const std::string& node, const std::string& weights) {
  constexpr std::size_t most = 2;
  static auto* kept = new std::vector<KeptNetwork>();
  std::error_code no_time, no_size;
  const auto written = std::filesystem::last_write_time(weights, no_time);
  const auto size = std::filesystem::file_size(weights, no_size);
  if (no_time || no_size) throw EngineFailure("notFound", weights + " does not exist.", weights);
  const auto found = std::find_if(kept->begin(), kept->end(), [&](const KeptNetwork& known) {
    return known.node == node && known.weights == weights && known.written == written && known.size == size;
  });
  if (found != kept->end()) {
    // The last one used comes first.
    std::rotate(kept->begin(), found, found + 1);
  } else {
    std::unique_ptr<Network> network = read_network(node, weights);
    if (kept->size() == most) kept->pop_back();
    kept->insert(kept->begin(), {node, weights, written, size, std::move(network)});
  }
  return *kept->front().network;
}

}  // namespace

Napi::Value run_network(const Napi::CallbackInfo& info) {
  const auto node = argument<std::string>(info, 0);
  const auto weights = argument<std::string>(info, 1);
  const Flow inputs = inputs_argument(info, 2);
  const bool is_traced = info.Length() > 3 && info[3].ToBoolean();
  return promise_work(Napi::Object::New(info.Env()), work_thread(), [=](const Caller&) -> Answer {
    Network& network = network_of(node, weights);
    std::vector<TracedModule> trace;
    const torch::NoGradGuard no_grad;
    const Flow outputs = network.compute(inputs, is_traced ? &trace : nullptr);
    return traced_answer(outputs, trace);
  });
}

Napi::Value explain_network(const Napi::CallbackInfo& info) {
  const auto node = argument<std::string>(info, 0);
  const auto weights = argument<std::string>(info, 1);
  const Flow inputs = inputs_argument(info, 2);
  std::optional<std::int64_t> target;
  if (info.Length() > 3 && info[3].IsNumber()) target = info[3].As<Napi::Number>().Int64Value();
  return promise_work(Napi::Object::New(info.Env()), work_thread(), [=](const Caller&) -> Answer {
    Network& network = network_of(node, weights);
    const Explanation found = explain(network, inputs, target);
    return [found](Napi::Env env) -> Napi::Value {
      Napi::Array maps = Napi::Array::New(env);
      for (const torch::Tensor& map : found.maps)
        maps.Set(maps.Length(), map.defined() ? tensor_value(env, map) : env.Null());
      auto object = traced_answer(found.outputs, found.trace)(env).As<Napi::Object>();
      set_fields(object, "target", found.target, "saliency", found.saliency, "maps", maps);
      return object;
    };
  });
}

Napi::Value write_torch_script(const Napi::CallbackInfo& info) {
  const auto module = argument<std::string>(info, 0);
  const auto weights = argument<std::string>(info, 1);
  const auto file = argument<std::string>(info, 2);
  const auto notes = argument<std::string>(info, 3);
  return promise_work(Napi::Object::New(info.Env()), work_thread(), [=](const Caller&) -> Answer {
    write_torch_script(parse_json(module), read_safetensors(weights).tensors, file, parse_json(notes));
    return [](Napi::Env env) { return env.Undefined(); };
  });
}

Napi::Value run_torch_script(const Napi::CallbackInfo& info) {
  const auto file = argument<std::string>(info, 0);
  const Flow inputs = inputs_argument(info, 1);
  return promise_work(Napi::Object::New(info.Env()), work_thread(), [=](const Caller&) -> Answer {
    const ScriptAnswer answer = run_torch_script(file, inputs);
    return traced_answer(answer.outputs, answer.trace);
  });
}

}  // namespace torchwright
