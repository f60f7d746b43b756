#pragma once

#include <napi.h>

#include <functional>
#include <memory>
#include <string>

#include "engine/runtime/work_thread.h"

namespace torchwright {

/// What went wrong on the engine's thread, to be made an Error on JavaScript's.
struct Problem {
  std::string code;
  std::string message;
  std::string at;
};

/// Runs `body` and turns whatever it throws into a Problem; empty if nothing.
std::unique_ptr<Problem> catch_problem(const std::function<void()>& body);

/// An Error with `code` and, if there is one, `at`: EngineError of main/engine/addon.ts.
Napi::Error make_error(Napi::Env env, const Problem& problem);

/// Rethrows what the engine throws as a JavaScript exception.
template <typename Body>
auto with_errors(Napi::Env env, const Body& body) {
  decltype(body()) result{};
  const auto problem = catch_problem([&] { result = body(); });
  if (problem) throw make_error(env, *problem);
  return result;
}

/// How a result of the engine's thread becomes a JavaScript value; empty: the owner of the work is the value.
using Answer = std::function<Napi::Value(Napi::Env)>;

/// Calls a JavaScript function from the engine's thread, at the next turn of the event loop.
class Caller {
 public:
  explicit Caller(Napi::ThreadSafeFunction function) : function_(std::move(function)) {}
  void call(std::function<void(Napi::Env, Napi::Function)> with) const { function_.NonBlockingCall(std::move(with)); }

 private:
  Napi::ThreadSafeFunction function_;
};

/// Hands `work` to the thread and returns the promise of its answer. `owner` is kept from being collected meanwhile.
/// `callback` (may be empty) can be called while it runs. The process stays alive until the promise is settled.
Napi::Promise promise_work(Napi::Object owner, WorkThread& thread, std::function<Answer(const Caller&)> work,
                           Napi::Function callback = {});

}  // namespace torchwright
