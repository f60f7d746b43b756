#pragma once

#include <chrono>
#include <cstdlib>
#include <thread>

namespace torchwright {

/// For tests only: with TORCHWRIGHT_SLOWDOWN=10 what is done while it lives takes ten times as long, as on a slow
/// machine. Without that variable it costs a look at the clock.
class Slowdown {
 public:
  Slowdown() : start_(Clock::now()) {}
  ~Slowdown() {
    static const double factor = [] {
      const char* text = std::getenv("TORCHWRIGHT_SLOWDOWN");
      return text == nullptr ? 1.0 : std::atof(text);
    }();
    if (factor > 1) std::this_thread::sleep_for((Clock::now() - start_) * (factor - 1));
  }
  Slowdown(const Slowdown&) = delete;
  Slowdown& operator=(const Slowdown&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_;
};

}  // namespace torchwright
