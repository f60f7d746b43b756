#include "session_object.h"

#include "engine/failure.h"
#include "values.h"

namespace torchwright {
namespace {

SplitName split_argument(const Napi::CallbackInfo& info, std::size_t index) {
  const std::string name = text_argument(info, index, "split");
  if (name != "train" && name != "test") throw Napi::TypeError::New(info.Env(), "split must be 'train' or 'test'");
  return name == "train" ? SplitName::train : SplitName::test;
}

/// `last` where nothing is said.
WeightsName weights_argument(const Napi::CallbackInfo& info, std::size_t index) {
  if (info.Length() <= index || info[index].IsUndefined()) return WeightsName::last;
  const std::string name = text_argument(info, index, "weights");
  if (name != "last" && name != "averaged")
    throw Napi::TypeError::New(info.Env(), "weights must be 'last' or 'averaged'");
  return name == "last" ? WeightsName::last : WeightsName::averaged;
}

std::vector<std::int64_t> index_argument(const Napi::CallbackInfo& info, std::size_t index) {
  if (info.Length() <= index || !info[index].IsTypedArray() ||
      info[index].As<Napi::TypedArray>().TypedArrayType() != napi_int32_array)
    throw Napi::TypeError::New(info.Env(), "indices must be an Int32Array");
  const auto array = info[index].As<Napi::Int32Array>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

std::vector<double> rates_of(Napi::Env env, const Napi::Object& request, const char* name = "learningRates") {
  const Napi::Value rates = request.Get(name);
  if (!rates.IsTypedArray() || rates.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array)
    throw Napi::TypeError::New(env, std::string(name) + " must be a Float64Array");
  const auto array = rates.As<Napi::Float64Array>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

TrainRequest request_argument(const Napi::CallbackInfo& info) {
  if (info.Length() < 1 || !info[0].IsObject()) throw Napi::TypeError::New(info.Env(), "train needs a request");
  const auto object = info[0].As<Napi::Object>();
  TrainRequest request;
  request.learning_rates = rates_of(info.Env(), object);
  if (object.Has("discriminatorRates") && !object.Get("discriminatorRates").IsUndefined())
    request.discriminator_rates = rates_of(info.Env(), object, "discriminatorRates");
  if (const Napi::Value seconds = object.Get("maxSeconds"); seconds.IsNumber())
    request.max_seconds = seconds.As<Napi::Number>().DoubleValue();
  if (const Napi::Value steps = object.Get("maxSteps"); steps.IsNumber())
    request.max_steps = steps.As<Napi::Number>().Int64Value();
  if (const Napi::Value average = object.Get("average"); average.IsBoolean())
    request.average = average.As<Napi::Boolean>();
  return request;
}

FindRateRequest find_rate_argument(const Napi::CallbackInfo& info) {
  if (info.Length() < 1 || !info[0].IsObject()) throw Napi::TypeError::New(info.Env(), "findRate needs a request");
  const auto object = info[0].As<Napi::Object>();
  FindRateRequest request;
  request.learning_rates = rates_of(info.Env(), object);
  request.smoothing = object.Get("smoothing").ToNumber().DoubleValue();
  request.cut_off = object.Get("cutOff").ToNumber().DoubleValue();
  return request;
}

/// Three numbers a view: whether it is flipped, and its shift down and to the right.
std::vector<TestView> views_argument(const Napi::CallbackInfo& info, std::size_t index) {
  const std::vector<std::int64_t> numbers = index_argument(info, index);
  if (numbers.empty() || numbers.size() % 3 != 0)
    throw Napi::TypeError::New(info.Env(), "views must be an Int32Array of three numbers a view");
  std::vector<TestView> views;
  for (std::size_t at = 0; at < numbers.size(); at += 3)
    views.push_back({numbers[at] != 0, numbers[at + 1], numbers[at + 2]});
  return views;
}

Answer nothing() {
  return [](Napi::Env env) { return env.Undefined(); };
}

}  // namespace

Napi::Function SessionObject::define(Napi::Env env) {
  return DefineClass(env, "EngineSession",
                     {
                         InstanceMethod<&SessionObject::describe>("describe"),
                         InstanceMethod<&SessionObject::train>("train"),
                         InstanceMethod<&SessionObject::evaluate>("evaluate"),
                         InstanceMethod<&SessionObject::predict>("predict"),
                         InstanceMethod<&SessionObject::predict_views>("predictViews"),
                         InstanceMethod<&SessionObject::find_rate>("findRate"),
                         InstanceMethod<&SessionObject::images>("images"),
                         InstanceMethod<&SessionObject::samples>("samples"),
                         InstanceMethod<&SessionObject::draw_noise>("drawNoise"),
                         InstanceMethod<&SessionObject::generate>("generate"),
                         InstanceMethod<&SessionObject::sample_batch>("sampleBatch"),
                         InstanceMethod<&SessionObject::interrupt>("interrupt"),
                         InstanceMethod<&SessionObject::save_checkpoint>("saveCheckpoint"),
                         InstanceMethod<&SessionObject::load_checkpoint>("loadCheckpoint"),
                         InstanceMethod<&SessionObject::save_weights>("saveWeights"),
                         InstanceMethod<&SessionObject::save_discriminator>("saveDiscriminator"),
                         InstanceMethod<&SessionObject::load_weights>("loadWeights"),
                         InstanceMethod<&SessionObject::load_matching_weights>("loadMatchingWeights"),
                         InstanceMethod<&SessionObject::close>("close"),
                     });
}

Napi::Value SessionObject::create(const Napi::CallbackInfo& info) {
  const std::string plan = text_argument(info, 0, "planJson");
  const Napi::Object object = define(info.Env()).New({});
  SessionObject* self = Unwrap(object);
  Engine* engine = self->engine_.get();
  return promise_work(object, engine->thread, [engine, plan](const Caller&) -> Answer {
    engine->session = std::make_unique<Session>(parse_plan(plan));
    return {};
  });
}

SessionObject::SessionObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<SessionObject>(info), engine_(std::make_unique<Engine>()) {
  // A process that ends in mid-training would wait for the end of the epoch in the finaliser.
  napi_add_env_cleanup_hook(info.Env(), &SessionObject::stop_hook, this);
}

SessionObject::~SessionObject() {
  napi_remove_env_cleanup_hook(Env(), &SessionObject::stop_hook, this);
  stop();
}

void SessionObject::stop_hook(void* self) { static_cast<SessionObject*>(self)->stop(); }

/// Ends what is under way and frees the session on its own thread.
void SessionObject::stop() {
  if (!engine_) return;
  if (engine_->session) engine_->session->interrupt();
  Engine* engine = engine_.get();
  engine_->thread.post([engine] { engine->session.reset(); });
  engine_.reset();
}

Napi::Promise SessionObject::with_session(Napi::Env env, std::function<Answer(Session&, const Caller&)> work,
                                          Napi::Function callback) {
  if (!engine_) {
    Napi::Promise::Deferred deferred(env);
    deferred.Reject(make_error(env, {"internal", "This session is closed.", ""}).Value());
    return deferred.Promise();
  }
  Engine* engine = engine_.get();
  return promise_work(
      Value(), engine->thread,
      [engine, work = std::move(work)](const Caller& caller) { return work(*engine->session, caller); }, callback);
}

Napi::Value SessionObject::describe(const Napi::CallbackInfo& info) {
  if (!engine_) throw make_error(info.Env(), {"internal", "This session is closed.", ""});
  return torchwright::describe(info.Env(), *engine_->session);
}

Napi::Value SessionObject::train(const Napi::CallbackInfo& info) {
  const TrainRequest request = request_argument(info);
  const bool reports = info.Length() > 1 && info[1].IsFunction();
  return with_session(
      info.Env(),
      [request, reports](Session& session, const Caller& caller) -> Answer {
        const auto report = [&caller](const EpochProgress& progress) {
          caller.call([progress](Napi::Env env, Napi::Function callback) { callback.Call({to_value(env, progress)}); });
        };
        const TrainOutcome outcome =
            session.train(request, reports ? report : std::function<void(const EpochProgress&)>());
        return [outcome](Napi::Env env) { return to_value(env, outcome); };
      },
      reports ? info[1].As<Napi::Function>() : Napi::Function());
}

Napi::Value SessionObject::evaluate(const Napi::CallbackInfo& info) {
  const SplitName split = split_argument(info, 0);
  const WeightsName weights = weights_argument(info, 1);
  return with_session(info.Env(), [split, weights](Session& session, const Caller&) -> Answer {
    const EvaluateOutcome outcome = session.evaluate(split, weights);
    return [outcome](Napi::Env env) { return to_value(env, outcome); };
  });
}

Napi::Value SessionObject::predict(const Napi::CallbackInfo& info) {
  const SplitName split = split_argument(info, 0);
  const WeightsName weights = weights_argument(info, 1);
  return with_session(info.Env(), [split, weights](Session& session, const Caller&) -> Answer {
    const Predictions predictions = session.predict(split, weights);
    return [predictions](Napi::Env env) { return to_value(env, predictions); };
  });
}

Napi::Value SessionObject::predict_views(const Napi::CallbackInfo& info) {
  const SplitName split = split_argument(info, 0);
  const auto views = views_argument(info, 1);
  const WeightsName weights = weights_argument(info, 2);
  return with_session(info.Env(), [split, views, weights](Session& session, const Caller&) -> Answer {
    const torch::Tensor probabilities = session.predict_views(split, views, weights);
    return [probabilities](Napi::Env env) { return float_array(env, probabilities); };
  });
}

Napi::Value SessionObject::find_rate(const Napi::CallbackInfo& info) {
  const FindRateRequest request = find_rate_argument(info);
  const bool reports = info.Length() > 1 && info[1].IsFunction();
  return with_session(
      info.Env(),
      [request, reports](Session& session, const Caller& caller) -> Answer {
        const auto report = [&caller](const RateFinding& finding) {
          caller.call([finding](Napi::Env env, Napi::Function callback) { callback.Call({to_value(env, finding)}); });
        };
        const RateFinding finding =
            session.find_rate(request, reports ? report : std::function<void(const RateFinding&)>());
        return [finding](Napi::Env env) { return to_value(env, finding); };
      },
      reports ? info[1].As<Napi::Function>() : Napi::Function());
}

Napi::Value SessionObject::images(const Napi::CallbackInfo& info) {
  const SplitName split = split_argument(info, 0);
  const auto indices = index_argument(info, 1);
  return with_session(info.Env(), [split, indices](Session& session, const Caller&) -> Answer {
    const torch::Tensor images = session.images(split, indices);
    return [images](Napi::Env env) { return byte_array(env, images); };
  });
}

Napi::Value SessionObject::samples(const Napi::CallbackInfo& info) {
  const SplitName split = split_argument(info, 0);
  if (info.Length() < 2 || !info[1].IsNumber())
    throw Napi::TypeError::New(info.Env(), "samples needs a number of samples");
  const std::int64_t count = info[1].As<Napi::Number>().Int64Value();
  return with_session(info.Env(), [split, count](Session& session, const Caller&) -> Answer {
    const Batch batch = session.samples(split, count);
    return [batch](Napi::Env env) -> Napi::Value {
      Napi::Object object = Napi::Object::New(env);
      object.Set("shape", to_value(env, batch.images.sizes().vec()));
      object.Set("data", float_array(env, batch.images));
      object.Set("labels", batch.labels.is_floating_point() ? env.Null() : int_array(env, batch.labels));
      return object;
    };
  });
}

Napi::Value SessionObject::draw_noise(const Napi::CallbackInfo& info) {
  if (info.Length() < 2 || !info[0].IsNumber() || !info[1].IsNumber())
    throw Napi::TypeError::New(info.Env(), "drawNoise needs a number of samples and a seed");
  const std::int64_t samples = info[0].As<Napi::Number>().Int64Value();
  const auto seed = static_cast<std::uint64_t>(info[1].As<Napi::Number>().Int64Value());
  return with_session(info.Env(), [=](Session& session, const Caller&) -> Answer {
    const torch::Tensor noise = session.draw_noise(samples, seed);
    return [noise](Napi::Env env) { return float_array(env, noise); };
  });
}

Napi::Value SessionObject::generate(const Napi::CallbackInfo& info) {
  if (info.Length() < 1 || !info[0].IsTypedArray())
    throw Napi::TypeError::New(info.Env(), "generate needs noise as a Float32Array");
  const auto values = info[0].As<Napi::Float32Array>();
  const std::vector<float> noise(values.Data(), values.Data() + values.ElementLength());
  const std::vector<std::int64_t> classes =
      info.Length() > 1 && info[1].IsTypedArray() ? index_argument(info, 1) : std::vector<std::int64_t>();
  return with_session(info.Env(), [noise, classes](Session& session, const Caller&) -> Answer {
    const torch::Tensor chosen = classes.empty() ? torch::Tensor() : torch::tensor(classes, torch::kInt64);
    const torch::Tensor images = session.generate(torch::tensor(noise), chosen);
    return [images](Napi::Env env) { return float_array(env, images); };
  });
}

Napi::Value SessionObject::sample_batch(const Napi::CallbackInfo& info) {
  if (info.Length() < 3 || !info[0].IsNumber() || !info[1].IsNumber() || !info[2].IsBoolean())
    throw Napi::TypeError::New(info.Env(), "sampleBatch needs a count, a seed and whether to use tensor operations");
  const std::int64_t count = info[0].As<Napi::Number>().Int64Value();
  const auto seed = static_cast<std::uint64_t>(info[1].As<Napi::Number>().Int64Value());
  const bool by_tensors = info[2].As<Napi::Boolean>();
  return with_session(info.Env(), [=](Session& session, const Caller&) -> Answer {
    const torch::Tensor images = session.sample_batch(count, by_tensors, seed);
    return [images](Napi::Env env) { return float_array(env, images); };
  });
}

void SessionObject::interrupt(const Napi::CallbackInfo&) {
  if (engine_ && engine_->session) engine_->session->interrupt();
}

Napi::Value SessionObject::save_checkpoint(const Napi::CallbackInfo& info) {
  const std::string directory = text_argument(info, 0, "directory");
  const std::string metadata = text_argument(info, 1, "metadata");
  return with_session(info.Env(), [directory, metadata](Session& session, const Caller&) {
    session.save_checkpoint(directory, metadata);
    return nothing();
  });
}

Napi::Value SessionObject::load_checkpoint(const Napi::CallbackInfo& info) {
  const std::string directory = text_argument(info, 0, "directory");
  return with_session(info.Env(), [directory](Session& session, const Caller&) -> Answer {
    const std::string metadata = session.load_checkpoint(directory);
    return [metadata](Napi::Env env) -> Napi::Value { return Napi::String::New(env, metadata); };
  });
}

Napi::Value SessionObject::save_weights(const Napi::CallbackInfo& info) {
  const std::string file = text_argument(info, 0, "file");
  const WeightsName weights = weights_argument(info, 1);
  return with_session(info.Env(), [file, weights](Session& session, const Caller&) {
    session.save_weights(file, weights);
    return nothing();
  });
}

Napi::Value SessionObject::save_discriminator(const Napi::CallbackInfo& info) {
  const std::string file = text_argument(info, 0, "file");
  return with_session(info.Env(), [file](Session& session, const Caller&) {
    session.save_discriminator(file);
    return nothing();
  });
}

Napi::Value SessionObject::load_weights(const Napi::CallbackInfo& info) {
  const std::string file = text_argument(info, 0, "file");
  return with_session(info.Env(), [file](Session& session, const Caller&) {
    session.load_weights(file);
    return nothing();
  });
}

Napi::Value SessionObject::load_matching_weights(const Napi::CallbackInfo& info) {
  const std::string file = text_argument(info, 0, "file");
  return with_session(info.Env(), [file](Session& session, const Caller&) -> Answer {
    const WeightReport report = session.load_matching_weights(file);
    return [report](Napi::Env env) { return to_value(env, report); };
  });
}

Napi::Value SessionObject::close(const Napi::CallbackInfo& info) {
  stop();
  Napi::Promise::Deferred deferred(info.Env());
  deferred.Resolve(info.Env().Undefined());
  return deferred.Promise();
}

}  // namespace torchwright
