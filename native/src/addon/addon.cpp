// The module as Node loads it: Addon of main/engine/addon.ts.

#include <ATen/Parallel.h>
#include <napi.h>
#include <torch/torch.h>

#include "augment_images.h"
#include "compute_loss.h"
#include "engine/network/network.h"
#include "engine/runtime/devices.h"
#include "engine/runtime/failure.h"
#include "engine/training/precision.h"
#include "exported.h"
#include "promised_work.h"
#include "scale_losses.h"
#include "session_object.h"
#include "values.h"

namespace torchwright {
namespace {

Napi::Value versions(const Napi::CallbackInfo& info) {
  const std::string cuda = cuda_version();
  return object_of(info.Env(), "libtorch", libtorch_version(), "cuda",
                   cuda.empty() ? std::nullopt : std::optional(cuda), "openmp", at::hasOpenMP(), "cpuCapability",
                   cpu_capability(), "instructions", processor_instructions());
}

Napi::Value devices(const Napi::CallbackInfo& info) { return to_value(info.Env(), list_devices()); }

struct ModuleAnswer {
  torch::Tensor output;
  std::vector<torch::Tensor> input_gradients;
};

/// One module alone, forward and back from the sum of its outputs. No rule of ours: libtorch says what goes.
ModuleAnswer compute(const std::string& text, const Flow& inputs, bool training, std::uint64_t seed, int threads,
                     const std::string& precision) {
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
  for (const torch::Tensor& input : inputs) input.set_requires_grad(true);
  Flow outputs;
  {
    const MixedPrecision mixed(torch::kCPU, find_precision(precision, torch::kCPU));
    outputs = network.forward_flow(inputs, generator, training);
  }
  torch::Tensor sum = outputs.at(0).sum();
  for (std::size_t index = 1; index < outputs.size(); ++index) sum = sum + outputs[index].sum();
  ModuleAnswer answer{outputs[0].detach().to(torch::kFloat32), {}};
  if (sum.requires_grad()) sum.backward();
  for (const torch::Tensor& input : inputs)
    answer.input_gradients.push_back(input.grad().defined() ? input.grad() : torch::zeros_like(input));
  return answer;
}

torch::Tensor read_input(const Napi::Object& given) {
  const auto sizes = given.Get("shape").As<Napi::Array>();
  std::vector<std::int64_t> shape;
  for (std::uint32_t index = 0; index < sizes.Length(); ++index)
    shape.push_back(sizes.Get(index).As<Napi::Number>().Int64Value());
  const auto values = given.Get("input").As<Napi::Float32Array>();
  torch::Tensor input = torch::empty(shape);
  if (static_cast<std::size_t>(input.numel()) != values.ElementLength())
    throw Napi::TypeError::New(given.Env(), "input does not have as many elements as its shape says");
  std::copy(values.Data(), values.Data() + values.ElementLength(), input.data_ptr<float>());
  return input;
}

Napi::Value compute_module(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (info.Length() < 2 || !info[0].IsString() || !info[1].IsObject())
    throw Napi::TypeError::New(env, "computeModule needs a plan node as JSON and a question");
  const std::string text = info[0].As<Napi::String>();
  const auto question = info[1].As<Napi::Object>();
  Flow inputs{read_input(question)};
  if (question.Get("others").IsArray()) {
    const auto others = question.Get("others").As<Napi::Array>();
    for (std::uint32_t index = 0; index < others.Length(); ++index)
      inputs.push_back(read_input(others.Get(index).As<Napi::Object>()));
  }
  const bool training = question.Get("training").As<Napi::Boolean>();
  const auto seed = static_cast<std::uint64_t>(question.Get("seed").As<Napi::Number>().Int64Value());
  const int threads = question.Get("threads").As<Napi::Number>();
  const Napi::Value given = question.Get("precision");
  const std::string precision = given.IsString() ? given.As<Napi::String>() : std::string("float32");

  const ModuleAnswer answer =
      with_errors(env, [&] { return compute(text, inputs, training, seed, threads, precision); });
  const std::vector<torch::Tensor>& gradients = answer.input_gradients;
  return object_of(env, "shape", answer.output.sizes().vec(), "output", answer.output, "inputGradient", gradients.at(0),
                   "otherGradients", std::vector(gradients.begin() + 1, gradients.end()));
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("versions", Napi::Function::New<versions>(env));
  exports.Set("devices", Napi::Function::New<devices>(env));
  exports.Set("createSession", Napi::Function::New<SessionObject::create>(env));
  exports.Set("computeModule", Napi::Function::New<compute_module>(env));
  exports.Set("augmentImages", Napi::Function::New<augment_images_value>(env));
  exports.Set("computeLoss", Napi::Function::New<compute_loss>(env));
  exports.Set("scaleLosses", Napi::Function::New<scale_losses>(env));
  exports.Set("runNetwork", Napi::Function::New<run_network>(env));
  exports.Set("explainNetwork", Napi::Function::New<explain_network>(env));
  exports.Set("writeTorchScript", Napi::Function::New<write_torch_script>(env));
  exports.Set("runTorchScript", Napi::Function::New<run_torch_script>(env));
  return exports;
}

}  // namespace
}  // namespace torchwright

static Napi::Object initialise_module(Napi::Env env, Napi::Object exports) {
  return torchwright::initialise(env, exports);
}

NODE_API_MODULE(torchwright, initialise_module)
