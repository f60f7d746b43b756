#include "compute_loss.h"

#include <algorithm>

#include "arguments.h"
#include "engine/losses/loss_function.h"
#include "engine/runtime/failure.h"
#include "promised_work.h"
#include "values.h"

namespace torchwright {
namespace {

LossFunction read_loss(const std::string& text) {
  try {
    const Json options = Json::parse(text);
    return LossFunction({options.at("type"), options}, torch::kCPU);
  } catch (const Json::exception& error) {
    throw EngineFailure("badProject", error.what());
  }
}

}  // namespace

Napi::Value compute_loss(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (info.Length() < 3 || !info[0].IsString() || !info[1].IsArray() || !info[2].IsArray())
    throw Napi::TypeError::New(env, "computeLoss needs a loss as JSON, inputs and targets");
  const std::string text = info[0].As<Napi::String>();
  const Tensors inputs = read_tensors(info[1]);
  const Tensors targets = read_tensors(info[2]);
  const torch::Tensor loss = with_errors(env, [&] {
    for (const torch::Tensor& input : inputs) input.set_requires_grad(true);
    const torch::Tensor value = read_loss(text)(inputs, targets);
    value.sum().backward();
    return value.detach();
  });
  Tensors gradients;
  for (const torch::Tensor& input : inputs) gradients.push_back(input.grad());
  return object_of(env, "shape", loss.sizes().vec(), "loss", loss, "gradients", gradients);
}

}  // namespace torchwright
