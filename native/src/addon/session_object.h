#pragma once

#include <napi.h>

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "arguments.h"
#include "engine/session/session.h"
#include "promised_work.h"
#include "values.h"

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
  void interrupt(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  /// A method of one of the session's parts as one of JavaScript's: its arguments by `argument`, its result by
  /// `to_value` as a promise. A Report is the function given after the arguments, if one is.
  template <auto engine_method>
  Napi::Value method(const Napi::CallbackInfo& info) {
    return call(info, engine_method);
  }

  template <typename Part, typename Result, typename... Arguments>
  Napi::Value call(const Napi::CallbackInfo& info, Result (Part::*method)(Arguments...)) {
    return call_part<Part, Result, std::decay_t<Arguments>...>(info, method, std::index_sequence_for<Arguments...>());
  }
  template <typename Part, typename Result, typename... Arguments>
  Napi::Value call(const Napi::CallbackInfo& info, Result (Part::*method)(Arguments...) const) {
    return call_part<const Part, Result, std::decay_t<Arguments>...>(info, method,
                                                                     std::index_sequence_for<Arguments...>());
  }
  template <typename Part, typename Result, typename... Arguments, typename Method, std::size_t... index>
  Napi::Value call_part(const Napi::CallbackInfo& info, Method method, std::index_sequence<index...>);

  /// Work that needs the open session; a promise that says so if it is closed.
  Napi::Promise with_session(Napi::Env env, std::function<Answer(Session&, const Caller&)> work,
                             Napi::Function callback);

  void stop();
  static void stop_hook(void* self);

  std::unique_ptr<Engine> engine_;
};

/// One argument of an engine's method: read on JavaScript's thread, handed over on the engine's.
template <typename Value>
struct Given {
  Given(const Napi::CallbackInfo& info, std::size_t index) : value(argument<Value>(info, index)) {}
  const Value& hand_over(const Caller&) const { return value; }
  Value value;
};

template <typename Progress>
struct Given<Report<Progress>> {
  Given(const Napi::CallbackInfo& info, std::size_t index) : is_wanted(info[index].IsFunction()) {}
  Report<Progress> hand_over(const Caller& caller) const {
    if (!is_wanted) return {};
    return [&caller](const Progress& progress) {
      caller.call([progress](Napi::Env env, Napi::Function callback) { callback.Call({to_value(env, progress)}); });
    };
  }
  bool is_wanted;
};

template <typename Part, typename Result, typename... Arguments, typename Method, std::size_t... index>
Napi::Value SessionObject::call_part(const Napi::CallbackInfo& info, Method method, std::index_sequence<index...>) {
  const std::tuple<Given<Arguments>...> given{Given<Arguments>(info, index)...};
  const auto work = [method, given](Session& session, const Caller& caller) -> Answer {
    Part& part = session.part<Part>();
    if constexpr (std::is_void_v<Result>) {
      (part.*method)(std::get<index>(given).hand_over(caller)...);
      return [](Napi::Env env) { return env.Undefined(); };
    } else {
      return [result = (part.*method)(std::get<index>(given).hand_over(caller)...)](Napi::Env env) -> Napi::Value {
        return to_value(env, result);
      };
    }
  };
  const Napi::Value last = info[sizeof...(Arguments) - 1];
  return with_session(info.Env(), work, last.IsFunction() ? last.As<Napi::Function>() : Napi::Function());
}

}  // namespace torchwright
