#pragma once

#include <functional>
#include <future>
#include <memory>
#include <utility>

#include "engine/runtime/work_thread.h"

namespace torchwright {

/// Makes the things of a sequence one ahead, on a thread of its own: while one is worked with, the next is being made.
/// There are never more than these two.
template <typename Key, typename Thing>
class ReadAhead {
 public:
  /// What `make` makes of `key`: ready or nearly so where it was foreseen. Throws what `make` throws.
  Thing take(const Key& key, std::function<Thing()> make) {
    std::future<Thing> expected = std::exchange(expected_, {});
    if (expected.valid() && expected_key_ == key) return expected.get();
    if (expected.valid()) expected.wait();
    return make();
  }

  /// Begins to make what will be asked for next.
  void expect(const Key& key, std::function<Thing()> make) {
    expected_key_ = key;
    const auto task = std::make_shared<std::packaged_task<Thing()>>(std::move(make));
    expected_ = task->get_future();
    thread_.post([task] { (*task)(); });
  }

 private:
  Key expected_key_{};
  std::future<Thing> expected_;
  WorkThread thread_;  // last: it ends before what it works on goes
};

}  // namespace torchwright
