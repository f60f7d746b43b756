#pragma once

#include <napi.h>

#include <memory>

#include "engine/session.h"
#include "promised_work.h"

namespace torchwright {

/// EngineSession of main/engine/addon.ts: a Session on a thread of its own.
class SessionObject : public Napi::ObjectWrap<SessionObject> {
 public:
  /// Promise of a session made from a plan's JSON.
  static Napi::Value create(const Napi::CallbackInfo& info);

  explicit SessionObject(const Napi::CallbackInfo& info);
  ~SessionObject() override;

 private:
  /// Shared with work that is under way, so that the object may be collected meanwhile.
  struct Engine {
    std::unique_ptr<Session> session;  // made, used and freed on the thread only; interrupt() from any
    WorkThread thread;                 // last, so that it has ended before anything else goes
  };

  static Napi::Function define(Napi::Env env);

  Napi::Value describe(const Napi::CallbackInfo& info);
  Napi::Value train(const Napi::CallbackInfo& info);
  Napi::Value evaluate(const Napi::CallbackInfo& info);
  Napi::Value predict(const Napi::CallbackInfo& info);
  Napi::Value predict_views(const Napi::CallbackInfo& info);
  Napi::Value find_rate(const Napi::CallbackInfo& info);
  Napi::Value images(const Napi::CallbackInfo& info);
  Napi::Value samples(const Napi::CallbackInfo& info);
  Napi::Value draw_noise(const Napi::CallbackInfo& info);
  Napi::Value generate(const Napi::CallbackInfo& info);
  Napi::Value sample_batch(const Napi::CallbackInfo& info);
  void interrupt(const Napi::CallbackInfo& info);
  Napi::Value save_checkpoint(const Napi::CallbackInfo& info);
  Napi::Value load_checkpoint(const Napi::CallbackInfo& info);
  Napi::Value save_weights(const Napi::CallbackInfo& info);
  Napi::Value save_discriminator(const Napi::CallbackInfo& info);
  Napi::Value load_weights(const Napi::CallbackInfo& info);
  Napi::Value load_matching_weights(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  /// Work that needs the open session; a promise that says so if it is closed.
  Napi::Promise with_session(Napi::Env env, std::function<Answer(Session&, const Caller&)> work,
                             Napi::Function callback = {});

  void stop();
  static void stop_hook(void* self);

  std::unique_ptr<Engine> engine_;
};

}  // namespace torchwright
