#include "arguments.h"

#include <algorithm>

namespace torchwright {
namespace {

Napi::TypeError refusal(Napi::Env env, const std::string& what, const std::string& expected) {
  return Napi::TypeError::New(env, what + " must be " + expected);
}

std::string name_of(std::size_t index) { return "argument " + std::to_string(index + 1); }

bool is_array(const Napi::Value& value, napi_typedarray_type type) {
  return value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == type;
}

template <typename Array>
auto elements_of(const Napi::Value& value) {
  const auto array = value.As<Array>();
  return std::vector(array.Data(), array.Data() + array.ElementLength());
}

std::vector<double> rates_of(const Napi::Object& request, const char* name) {
  const Napi::Value rates = request.Get(name);
  if (!is_array(rates, napi_float64_array)) throw refusal(request.Env(), name, "a Float64Array");
  return elements_of<Napi::Float64Array>(rates);
}

std::vector<GroupRates> group_rates_of(const Napi::Object& request, const char* name) {
  const Napi::Value given = request.Get(name);
  if (given.IsUndefined()) return {};
  if (!given.IsArray()) throw refusal(request.Env(), name, "an array");
  const auto array = given.As<Napi::Array>();
  std::vector<GroupRates> groups;
  for (std::uint32_t index = 0; index < array.Length(); ++index) {
    const auto group = array.Get(index).As<Napi::Object>();
    groups.push_back({group.Get("group").ToNumber().Uint32Value(), rates_of(group, "rates")});
  }
  return groups;
}

Napi::Object object_argument(const Napi::CallbackInfo& info, std::size_t index) {
  const Napi::Value value = info[index];
  if (!value.IsObject()) throw refusal(info.Env(), name_of(index), "an object");
  return value.As<Napi::Object>();
}

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

}  // namespace

template <>
std::string argument(const Napi::CallbackInfo& info, std::size_t index) {
  const Napi::Value value = info[index];
  if (!value.IsString()) throw refusal(info.Env(), name_of(index), "a string");
  return value.As<Napi::String>();
}

template <>
bool argument(const Napi::CallbackInfo& info, std::size_t index) {
  const Napi::Value value = info[index];
  if (!value.IsBoolean()) throw refusal(info.Env(), name_of(index), "true or false");
  return value.As<Napi::Boolean>();
}

template <>
std::int64_t argument(const Napi::CallbackInfo& info, std::size_t index) {
  const Napi::Value value = info[index];
  if (!value.IsNumber()) throw refusal(info.Env(), name_of(index), "a number");
  return value.As<Napi::Number>().Int64Value();
}

template <>
std::uint64_t argument(const Napi::CallbackInfo& info, std::size_t index) {
  return static_cast<std::uint64_t>(argument<std::int64_t>(info, index));
}

template <>
std::vector<std::int64_t> argument(const Napi::CallbackInfo& info, std::size_t index) {
  const Napi::Value value = info[index];
  if (!is_array(value, napi_int32_array)) throw refusal(info.Env(), name_of(index), "an Int32Array");
  const std::vector<std::int32_t> numbers = elements_of<Napi::Int32Array>(value);
  return {numbers.begin(), numbers.end()};
}

template <>
torch::Tensor argument(const Napi::CallbackInfo& info, std::size_t index) {
  const Napi::Value value = info[index];
  if (value.IsUndefined()) return {};
  if (is_array(value, napi_float32_array)) return torch::tensor(elements_of<Napi::Float32Array>(value));
  return torch::tensor(argument<std::vector<std::int64_t>>(info, index), torch::kInt64);
}

template <>
SplitName argument(const Napi::CallbackInfo& info, std::size_t index) {
  const auto name = argument<std::string>(info, index);
  if (name != "train" && name != "test") throw refusal(info.Env(), "split", "'train' or 'test'");
  return name == "train" ? SplitName::train : SplitName::test;
}

template <>
WeightsName argument(const Napi::CallbackInfo& info, std::size_t index) {
  if (info[index].IsUndefined()) return WeightsName::last;
  const auto name = argument<std::string>(info, index);
  if (name != "last" && name != "averaged") throw refusal(info.Env(), "weights", "'last' or 'averaged'");
  return name == "last" ? WeightsName::last : WeightsName::averaged;
}

template <>
std::vector<TestView> argument(const Napi::CallbackInfo& info, std::size_t index) {
  const auto numbers = argument<std::vector<std::int64_t>>(info, index);
  if (numbers.empty() || numbers.size() % 3 != 0)
    throw refusal(info.Env(), "views", "an Int32Array of three numbers a view");
  std::vector<TestView> views;
  for (std::size_t at = 0; at < numbers.size(); at += 3)
    views.push_back({numbers[at] != 0, numbers[at + 1], numbers[at + 2]});
  return views;
}

template <>
TrainRequest argument(const Napi::CallbackInfo& info, std::size_t index) {
  const Napi::Object object = object_argument(info, index);
  TrainRequest request;
  request.learning_rates = rates_of(object, "learningRates");
  if (!object.Get("discriminatorRates").IsUndefined())
    request.discriminator_rates = rates_of(object, "discriminatorRates");
  request.group_rates = group_rates_of(object, "groupRates");
  request.discriminator_group_rates = group_rates_of(object, "discriminatorGroupRates");
  if (!object.Get("lookAheadShares").IsUndefined()) request.look_ahead_shares = rates_of(object, "lookAheadShares");
  if (const Napi::Value seconds = object.Get("maxSeconds"); seconds.IsNumber())
    request.max_seconds = seconds.As<Napi::Number>().DoubleValue();
  if (const Napi::Value steps = object.Get("maxSteps"); steps.IsNumber())
    request.max_steps = steps.As<Napi::Number>().Int64Value();
  if (const Napi::Value average = object.Get("average"); average.IsBoolean())
    request.average = average.As<Napi::Boolean>();
  return request;
}

template <>
FindRateRequest argument(const Napi::CallbackInfo& info, std::size_t index) {
  const Napi::Object object = object_argument(info, index);
  FindRateRequest request;
  request.learning_rates = rates_of(object, "learningRates");
  for (const GroupRates& group : group_rates_of(object, "groupRates")) {
    if (group.rates.empty()) request.untrained_groups.push_back(group.group);
  }
  request.smoothing = object.Get("smoothing").ToNumber().DoubleValue();
  request.cut_off = object.Get("cutOff").ToNumber().DoubleValue();
  return request;
}

template <>
ProfileRequest argument(const Napi::CallbackInfo& info, std::size_t index) {
  const Napi::Object object = object_argument(info, index);
  const auto number = [&](const char* name) { return object.Get(name).ToNumber().DoubleValue(); };
  const auto whole = [&](const char* name) { return object.Get(name).ToNumber().Int64Value(); };
  return {number("learningRate"), number("discriminatorRate"), whole("warmUp"),
          whole("steps"),         whole("leastSteps"),         number("maxSeconds")};
}

std::vector<torch::Tensor> read_tensors(const Napi::Value& given) {
  const auto array = given.As<Napi::Array>();
  std::vector<torch::Tensor> tensors;
  for (std::uint32_t index = 0; index < array.Length(); ++index)
    tensors.push_back(read_tensor(array.Get(index).As<Napi::Object>()));
  return tensors;
}

}  // namespace torchwright
