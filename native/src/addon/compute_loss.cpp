#include "compute_loss.h"

#include <algorithm>

#include "engine/failure.h"
#include "engine/loss_function.h"
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
  Napi::Array gradients = Napi::Array::New(env);
  for (const torch::Tensor& input : inputs) gradients.Set(gradients.Length(), float_array(env, input.grad()));
  Napi::Object object = Napi::Object::New(env);
  object.Set("shape", to_value(env, loss.sizes().vec()));
  object.Set("loss", float_array(env, loss));
  object.Set("gradients", gradients);
  return object;
}

}  // namespace torchwright
