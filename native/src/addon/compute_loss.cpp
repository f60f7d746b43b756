#include "compute_loss.h"

#include <algorithm>

#include "engine/failure.h"
#include "engine/loss_function.h"
#include "promised_work.h"
#include "values.h"

namespace torchwright {
namespace {

/// Numbers, or whole ones for classes and lengths.
torch::Tensor read_tensor(const Napi::Object& given) {
  const auto sizes = given.Get("shape").As<Napi::Array>();
  std::vector<std::int64_t> shape;
  for (std::uint32_t index = 0; index < sizes.Length(); ++index)
    shape.push_back(sizes.Get(index).As<Napi::Number>().Int64Value());
  const auto data = given.Get("data").As<Napi::TypedArray>();
  const bool is_whole = data.TypedArrayType() == napi_int32_array;
  const torch::Tensor tensor = torch::empty(shape, is_whole ? torch::kInt32 : torch::kFloat32);
  if (static_cast<std::size_t>(tensor.numel()) != data.ElementLength() || data.ElementSize() != tensor.element_size())
    throw Napi::TypeError::New(given.Env(), "data must be a Float32Array or Int32Array with the elements of its shape");
  const auto* bytes = static_cast<const std::uint8_t*>(data.ArrayBuffer().Data()) + data.ByteOffset();
  std::copy(bytes, bytes + data.ByteLength(), static_cast<std::uint8_t*>(tensor.data_ptr()));
  return is_whole ? tensor.to(torch::kInt64) : tensor;
}

Tensors read_tensors(const Napi::Value& given) {
  const auto array = given.As<Napi::Array>();
  Tensors tensors;
  for (std::uint32_t index = 0; index < array.Length(); ++index)
    tensors.push_back(read_tensor(array.Get(index).As<Napi::Object>()));
  return tensors;
}

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
