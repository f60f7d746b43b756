#include "session_object.h"

namespace torchwright {

Napi::Function SessionObject::define(Napi::Env env) {
  return DefineClass(
      env, "EngineSession",
      {
          InstanceMethod<&SessionObject::describe>("describe"),
          InstanceMethod<&SessionObject::method<&Trainer::train>>("train"),
          InstanceMethod<&SessionObject::method<&Evaluator::evaluate>>("evaluate"),
          InstanceMethod<&SessionObject::method<&Evaluator::find_divergence>>("findDivergence"),
          InstanceMethod<&SessionObject::method<&Predictor::predict>>("predict"),
          InstanceMethod<&SessionObject::method<&Predictor::predict_views>>("predictViews"),
          InstanceMethod<&SessionObject::method<&RateFinder::find>>("findRate"),
          InstanceMethod<&SessionObject::method<&StepProfiler::profile>>("profile"),
          InstanceMethod<&SessionObject::method<&DataSplits::images>>("images"),
          InstanceMethod<&SessionObject::method<&DataSplits::samples>>("samples"),
          InstanceMethod<&SessionObject::method<&DataSplits::sample_batch>>("sampleBatch"),
          InstanceMethod<&SessionObject::method<&Adversary::draw_noise>>("drawNoise"),
          InstanceMethod<&SessionObject::method<&Adversary::generate>>("generate"),
          InstanceMethod<&SessionObject::method<&Adversary::save_discriminator>>("saveDiscriminator"),
          InstanceMethod<&SessionObject::method<&Checkpoint::save>>("saveCheckpoint"),
          InstanceMethod<&SessionObject::method<&Checkpoint::load>>("loadCheckpoint"),
          InstanceMethod<&SessionObject::method<&Checkpoint::save_weights>>("saveWeights"),
          InstanceMethod<&SessionObject::method<&Checkpoint::load_weights>>("loadWeights"),
          InstanceMethod<&SessionObject::method<&Checkpoint::load_matching_weights>>("loadMatchingWeights"),
          InstanceMethod<&SessionObject::interrupt>("interrupt"),
          InstanceMethod<&SessionObject::close>("close"),
      });
}

Napi::Value SessionObject::create(const Napi::CallbackInfo& info) {
  const auto plan = argument<std::string>(info, 0);
  const Napi::Object object = define(info.Env()).New({});
  Engine* engine = Unwrap(object)->engine_.get();
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

void SessionObject::interrupt(const Napi::CallbackInfo&) {
  if (engine_ && engine_->session) engine_->session->interrupt();
}

Napi::Value SessionObject::close(const Napi::CallbackInfo& info) {
  stop();
  Napi::Promise::Deferred deferred(info.Env());
  deferred.Resolve(info.Env().Undefined());
  return deferred.Promise();
}

}  // namespace torchwright
