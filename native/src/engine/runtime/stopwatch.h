#pragma once

#include <chrono>

namespace torchwright {

/// Seconds since it was made or restarted, of a clock that nobody sets.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  void restart() { start_ = Clock::now(); }
  /// Seconds between two starts.
  double operator-(const Stopwatch& earlier) const {
    return std::chrono::duration<double>(start_ - earlier.start_).count();
  }
  /// Seconds like `seconds`, and restarts at that very moment: laps add up to the whole, with nothing between them.
  double lap() {
    const Clock::time_point before = start_;
    start_ = Clock::now();
    return std::chrono::duration<double>(start_ - before).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

}  // namespace torchwright
