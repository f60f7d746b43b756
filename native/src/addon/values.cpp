#include "values.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>

namespace torchwright {
namespace {

template <typename Array, typename Number>
Array array_of(Napi::Env env, const std::vector<Number>& numbers) {
  Array array = Array::New(env, numbers.size());
  std::copy(numbers.begin(), numbers.end(), array.Data());
  return array;
}

template <typename Array>
Array array_of(Napi::Env env, const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.contiguous();
  Array array = Array::New(env, static_cast<std::size_t>(plain.numel()));
  std::memcpy(array.Data(), plain.data_ptr(), plain.nbytes());
  return array;
}

void set_figures(Napi::Object& object, const FigureValues& figures) {
  for (const auto& [name, value] : figures) object.Set(name, value);
}

Napi::Object progress_object(Napi::Env env, const EpochProgress& progress) {
  Napi::Object object = object_of(env, "step", progress.step, "steps", progress.steps, "samples", progress.samples,
                                  "samplesPerSecond", progress.samples_per_second);
  set_figures(object, progress.figures);
  set_figures(object, progress.step_figures);
  return object;
}

std::string device_name(const torch::Device& device) {
  for (const DeviceInfo& info : list_devices())
    if (torch::Device(info.id) == device) return info.name;
  return device.str();
}

}  // namespace

Napi::Value to_value(Napi::Env env, bool value) { return Napi::Boolean::New(env, value); }

Napi::Value to_value(Napi::Env env, double value) { return Napi::Number::New(env, value); }

Napi::Value to_value(Napi::Env env, std::int64_t value) { return Napi::Number::New(env, static_cast<double>(value)); }

Napi::Value to_value(Napi::Env env, const std::string& text) { return Napi::String::New(env, text); }

Napi::Value to_value(Napi::Env env, const torch::Tensor& tensor) {
  if (tensor.scalar_type() == torch::kUInt8) return array_of<Napi::Uint8Array>(env, tensor);
  if (tensor.is_floating_point()) return array_of<Napi::Float32Array>(env, tensor.to(torch::kFloat32));
  return array_of<Napi::Int32Array>(env, tensor.to(torch::kInt32));
}

Napi::Value to_value(Napi::Env env, const DeviceInfo& device) {
  return object_of(env, "id", device.id, "name", device.name, "totalMemory", device.total_memory, "freeMemory",
                   device.free_memory);
}

Napi::Value to_value(Napi::Env env, const EpochProgress& progress) { return progress_object(env, progress); }

Napi::Value to_value(Napi::Env env, const TrainOutcome& outcome) {
  Napi::Object object = progress_object(env, outcome.progress);
  set_fields(object, "state", outcome.state, "seconds", outcome.seconds, "batchLosses",
             array_of<Napi::Float32Array>(env, outcome.batch_losses));
  if (!outcome.generator_losses.empty())
    set_fields(object, "generatorLosses", array_of<Napi::Float32Array>(env, outcome.generator_losses));
  return object;
}

Napi::Value to_value(Napi::Env env, const EvaluateOutcome& outcome) {
  Napi::Object object = object_of(env, "samples", outcome.samples, "interrupted", outcome.interrupted, "predictions",
                                  outcome.predictions);
  set_figures(object, outcome.figures);
  set_fields(object, "loss", outcome.loss);
  return object;
}

Napi::Value to_value(Napi::Env env, const Predictions& predictions) {
  const bool is_regression = predictions.labels.is_floating_point();
  const Napi::Value labels = to_value(env, predictions.labels);
  return object_of(env, "samples", predictions.probabilities.size(0), "classes", predictions.probabilities.size(1),
                   "probabilities", predictions.probabilities, "labels",
                   is_regression ? Napi::Int32Array::New(env, 0) : labels, "targets",
                   is_regression ? labels : env.Null(), "loss", predictions.loss);
}

Napi::Value to_value(Napi::Env env, const RateFinding& finding) {
  return object_of(env, "losses", array_of<Napi::Float64Array>(env, finding.losses), "smoothed",
                   array_of<Napi::Float64Array>(env, finding.smoothed), "state", finding.state);
}

Napi::Value to_value(Napi::Env env, const StepTimes& times) {
  return object_of(env, "rows", times.rows, "profiledSeconds",
                   array_of<Napi::Float64Array>(env, times.profiled_seconds), "plainSeconds",
                   array_of<Napi::Float64Array>(env, times.plain_seconds), "state", times.state);
}

Napi::Value to_value(Napi::Env env, const StepProfile::Row& row) {
  return object_of(env, "name", row.name, "isPart", row.is_part, "forward",
                   array_of<Napi::Float64Array>(env, row.forward), "backward",
                   array_of<Napi::Float64Array>(env, row.backward), "outputBytes", row.output_bytes, "kernels",
                   row.kernels);
}

Napi::Value to_value(Napi::Env env, const WeightReport& report) {
  return object_of(env, "matched", report.matched, "missing", report.missing, "otherShape", report.other_shape,
                   "unused", report.unused);
}

Napi::Value to_value(Napi::Env env, const WeightReport::OtherShape& tensor) {
  return object_of(env, "name", tensor.name, "found", tensor.found, "expected", tensor.expected);
}

Napi::Value to_value(Napi::Env env, const Divergence& found) {
  return object_of(env, "parameters", found.parameters, "buffers", found.buffers, "samples", found.samples, "targets",
                   found.targets, "layer", found.layer, "largest", found.largest, "lossIsFinite", found.loss_is_finite);
}

Napi::Value to_value(Napi::Env env, const ModuleAddress& address) {
  return object_of(env, "path", address.path, "type", address.type);
}

Napi::Value to_value(Napi::Env env, const Batch& batch) {
  return object_of(env, "shape", batch.images.sizes().vec(), "data", batch.images, "labels",
                   batch.labels.is_floating_point() ? env.Null() : to_value(env, batch.labels));
}

Napi::Value to_value(Napi::Env env, const Parameter& parameter) {
  return object_of(env, "name", parameter.name, "shape", parameter.tensor.sizes().vec(), "trainable",
                   parameter.trainable);
}

Napi::Value to_value(Napi::Env env, const Buffer& buffer) {
  return object_of(env, "name", buffer.name, "shape", buffer.tensor.sizes().vec());
}

Napi::Value describe(Napi::Env env, Session& session) {
  TrainingContext& context = session.context();
  const DataSplits& data = *context.data;
  const std::int64_t threads = context.plan.threads > 0 ? context.plan.threads : at::get_num_threads();
  return object_of(env, "device", context.device.str(), "deviceName", device_name(context.device), "threads", threads,
                   "parameters", context.store().parameters, "buffers", context.store().buffers, "trainSamples",
                   data.train().positions(), "testSamples", data.test().split().samples(), "stepsPerEpoch",
                   session.part<Trainer>().steps_per_epoch(), "scale", data.scale(), "offset", data.offset(),
                   "channelsLast", context.channels_last, "hasAverage",
                   context.average != nullptr && context.average->exists());
}

}  // namespace torchwright
