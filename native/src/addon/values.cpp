#include "values.h"

#include <cstring>

#include "engine/devices.h"

namespace torchwright {
namespace {

/// A regression has no accuracy, but errors.
void set_accuracy(Napi::Object& object, double accuracy, const std::optional<Errors>& errors,
                  const std::optional<double>& generator_loss) {
  const Napi::Env env = object.Env();
  if (generator_loss) object.Set("generatorLoss", *generator_loss);
  object.Set("accuracy", errors || generator_loss ? env.Null() : Napi::Value(Napi::Number::New(env, accuracy)));
  if (!errors) return;
  Napi::Object of_regression = Napi::Object::New(env);
  of_regression.Set("meanAbsolute", errors->mean_absolute);
  of_regression.Set("rootMeanSquare", errors->root_mean_square);
  object.Set("errors", of_regression);
}

Napi::Object progress_object(Napi::Env env, const EpochProgress& progress) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("step", static_cast<double>(progress.step));
  object.Set("steps", static_cast<double>(progress.steps));
  object.Set("samples", static_cast<double>(progress.samples));
  object.Set("loss", progress.loss);
  set_accuracy(object, progress.accuracy, progress.errors, progress.generator_loss);
  object.Set("samplesPerSecond", progress.samples_per_second);
  object.Set("gradientNorm",
             progress.gradient_norm ? Napi::Value(Napi::Number::New(env, *progress.gradient_norm)) : env.Null());
  return object;
}

std::string device_name(const torch::Device& device) {
  for (const DeviceInfo& info : list_devices())
    if (torch::Device(info.id) == device) return info.name;
  return device.str();
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

std::string text_argument(const Napi::CallbackInfo& info, std::size_t index, const char* name) {
  if (info.Length() <= index || !info[index].IsString())
    throw Napi::TypeError::New(info.Env(), std::string(name) + " must be a string");
  return info[index].As<Napi::String>();
}

std::vector<torch::Tensor> read_tensors(const Napi::Value& given) {
  const auto array = given.As<Napi::Array>();
  std::vector<torch::Tensor> tensors;
  for (std::uint32_t index = 0; index < array.Length(); ++index)
    tensors.push_back(read_tensor(array.Get(index).As<Napi::Object>()));
  return tensors;
}

Napi::Value to_value(Napi::Env env, const EpochProgress& progress) { return progress_object(env, progress); }

Napi::Value to_value(Napi::Env env, const TrainOutcome& outcome) {
  Napi::Object object = progress_object(env, outcome.progress);
  object.Set("state", outcome.state);
  object.Set("seconds", outcome.seconds);
  const auto list = [env](const std::vector<float>& losses) {
    Napi::Float32Array array = Napi::Float32Array::New(env, losses.size());
    std::copy(losses.begin(), losses.end(), array.Data());
    return array;
  };
  object.Set("batchLosses", list(outcome.batch_losses));
  if (outcome.progress.generator_loss) object.Set("generatorLosses", list(outcome.generator_losses));
  return object;
}

Napi::Value to_value(Napi::Env env, const EvaluateOutcome& outcome) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("loss", outcome.loss);
  set_accuracy(object, outcome.accuracy, outcome.errors, outcome.generator_loss);
  object.Set("samples", static_cast<double>(outcome.samples));
  object.Set("interrupted", outcome.interrupted);
  object.Set("predictions", outcome.predictions ? to_value(env, *outcome.predictions) : env.Null());
  return object;
}

Napi::Value to_value(Napi::Env env, const Predictions& predictions) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("samples", static_cast<double>(predictions.probabilities.size(0)));
  object.Set("classes", static_cast<double>(predictions.probabilities.size(1)));
  object.Set("probabilities", float_array(env, predictions.probabilities));
  if (predictions.labels.is_floating_point()) {
    object.Set("labels", Napi::Int32Array::New(env, 0));
    object.Set("targets", float_array(env, predictions.labels));
  } else {
    object.Set("labels", int_array(env, predictions.labels));
    object.Set("targets", env.Null());
  }
  object.Set("loss", predictions.loss);
  return object;
}

Napi::Value to_value(Napi::Env env, const RateFinding& finding) {
  const auto floats = [env](const std::vector<double>& values) {
    Napi::Float64Array array = Napi::Float64Array::New(env, values.size());
    std::copy(values.begin(), values.end(), array.Data());
    return array;
  };
  Napi::Object object = Napi::Object::New(env);
  object.Set("losses", floats(finding.losses));
  object.Set("smoothed", floats(finding.smoothed));
  object.Set("state", finding.state);
  return object;
}

Napi::Value to_value(Napi::Env env, const WeightReport& report) {
  Napi::Array other_shape = Napi::Array::New(env);
  for (const WeightReport::OtherShape& tensor : report.other_shape) {
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("name", tensor.name);
    entry.Set("found", to_value(env, tensor.found));
    entry.Set("expected", to_value(env, tensor.expected));
    other_shape.Set(other_shape.Length(), entry);
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("matched", to_value(env, report.matched));
  object.Set("missing", to_value(env, report.missing));
  object.Set("otherShape", other_shape);
  object.Set("unused", to_value(env, report.unused));
  return object;
}

Napi::Value to_value(Napi::Env env, const std::vector<std::string>& names) {
  Napi::Array array = Napi::Array::New(env, names.size());
  for (std::uint32_t index = 0; index < names.size(); ++index) array.Set(index, names[index]);
  return array;
}

Napi::Value to_value(Napi::Env env, const std::vector<std::int64_t>& sizes) {
  Napi::Array array = Napi::Array::New(env, sizes.size());
  for (std::uint32_t index = 0; index < sizes.size(); ++index) array.Set(index, static_cast<double>(sizes[index]));
  return array;
}

Napi::Value to_value(Napi::Env env, const std::vector<double>& values) {
  Napi::Array array = Napi::Array::New(env, values.size());
  for (std::uint32_t index = 0; index < values.size(); ++index) array.Set(index, values[index]);
  return array;
}

Napi::Value float_array(Napi::Env env, const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.contiguous();
  Napi::Float32Array array = Napi::Float32Array::New(env, static_cast<std::size_t>(plain.numel()));
  std::memcpy(array.Data(), plain.data_ptr(), plain.nbytes());
  return array;
}

Napi::Value int_array(Napi::Env env, const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.to(torch::kInt32).contiguous();
  Napi::Int32Array array = Napi::Int32Array::New(env, static_cast<std::size_t>(plain.numel()));
  std::memcpy(array.Data(), plain.data_ptr(), plain.nbytes());
  return array;
}

Napi::Value byte_array(Napi::Env env, const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.contiguous();
  Napi::Uint8Array array = Napi::Uint8Array::New(env, static_cast<std::size_t>(plain.numel()));
  std::memcpy(array.Data(), plain.data_ptr(), plain.nbytes());
  return array;
}

Napi::Value describe(Napi::Env env, Session& session) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("device", session.device().str());
  object.Set("deviceName", device_name(session.device()));
  object.Set("threads", session.plan().threads > 0 ? session.plan().threads : Session::threads());
  const ParameterStore& store = session.store();
  Napi::Array parameters = Napi::Array::New(env);
  for (const Parameter& parameter : store.parameters) {
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("name", parameter.name);
    entry.Set("shape", to_value(env, parameter.tensor.sizes().vec()));
    entry.Set("trainable", parameter.trainable);
    parameters.Set(parameters.Length(), entry);
  }
  object.Set("parameters", parameters);
  Napi::Array buffers = Napi::Array::New(env);
  for (const Buffer& buffer : store.buffers) {
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("name", buffer.name);
    entry.Set("shape", to_value(env, buffer.tensor.sizes().vec()));
    buffers.Set(buffers.Length(), entry);
  }
  object.Set("buffers", buffers);
  object.Set("trainSamples", static_cast<double>(session.train_samples()));
  object.Set("testSamples", static_cast<double>(session.test_samples()));
  object.Set("stepsPerEpoch", static_cast<double>(session.steps_per_epoch()));
  object.Set("scale", to_value(env, session.scale()));
  object.Set("offset", to_value(env, session.offset()));
  object.Set("hasAverage", session.has_average());
  return object;
}

}  // namespace torchwright
