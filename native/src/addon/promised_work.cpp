#include "promised_work.h"

#include <torch/torch.h>

#include <new>

#include "engine/runtime/failure.h"

namespace torchwright {
std::unique_ptr<Problem> catch_problem(const std::function<void()>& body) {
  try {
    body();
    return nullptr;
  } catch (const EngineFailure& failure) {
    return std::make_unique<Problem>(Problem{failure.code, failure.what(), failure.at});
  } catch (const c10::OutOfMemoryError& error) {
    return std::make_unique<Problem>(
        Problem{"outOfMemory",
                "The device has not enough memory: take a smaller batch or a smaller network. (" +
                    first_line(error.what_without_backtrace()) + ")",
                ""});
  } catch (const c10::Error& error) {
    return std::make_unique<Problem>(
        Problem{"internal", "libtorch refused: " + first_line(error.what_without_backtrace()), ""});
  } catch (const std::bad_alloc&) {
    return std::make_unique<Problem>(
        Problem{"outOfMemory", "There is not enough memory: take a smaller batch or a smaller network.", ""});
  } catch (const std::exception& error) {
    return std::make_unique<Problem>(Problem{"internal", error.what(), ""});
  }
}

Napi::Error make_error(Napi::Env env, const Problem& problem) {
  Napi::Error error = Napi::Error::New(env, problem.message);
  error.Set("code", Napi::String::New(env, problem.code));
  if (!problem.at.empty()) error.Set("at", Napi::String::New(env, problem.at));
  return error;
}

Napi::Promise promise_work(Napi::Object owner, WorkThread& thread, std::function<Answer(const Caller&)> work,
                           Napi::Function callback) {
  const Napi::Env env = owner.Env();
  const auto deferred = std::make_shared<Napi::Promise::Deferred>(env);
  if (callback.IsEmpty()) callback = Napi::Function::New(env, [](const Napi::CallbackInfo&) {});
  auto function = Napi::ThreadSafeFunction::New(env, callback, "torchwright engine", 0, 1);
  // A reference may be freed on JavaScript's thread alone: explicitly, below. If the process ends before, it is left.
  const auto kept = std::make_shared<Napi::ObjectReference>(Napi::Persistent(owner));
  kept->SuppressDestruct();

  thread.post([deferred, function, kept, work = std::move(work)]() mutable {
    Answer answer;
    const std::shared_ptr<Problem> problem = catch_problem([&] { answer = work(Caller(function)); });
    function.NonBlockingCall([deferred, kept, answer = std::move(answer), problem](Napi::Env env, Napi::Function) {
      const Napi::Object owner = kept->Value();
      kept->Reset();
      if (problem) {
        deferred->Reject(make_error(env, *problem).Value());
        return;
      }
      try {
        deferred->Resolve(answer ? answer(env) : owner);
      } catch (const Napi::Error& error) {
        deferred->Reject(error.Value());
      }
    });
    function.Release();
  });
  return deferred->Promise();
}

}  // namespace torchwright
