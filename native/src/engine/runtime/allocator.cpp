#include "engine/runtime/allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <map>
#include <mutex>
#include <vector>

#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

constexpr std::size_t kAlignment = 64;        // as libtorch's own
constexpr std::size_t kHeader = kAlignment;   // the block's size stands before its data
constexpr std::size_t kSmallest = 32 * 1024;  // below, the C library's own lists are as good
constexpr std::size_t kHugePage = 2 * 1024 * 1024;

/// Rounded up to an eighth of its power of two: at most 12.5 % is wasted, and similar sizes share blocks.
std::size_t size_class(std::size_t bytes) {
  const std::size_t step = std::bit_floor(bytes) / 8;
  return (bytes + step - 1) / step * step;
}

class BlockCache {
 public:
  void* take(std::size_t bytes) {
    if (bytes < kSmallest) return make_block(bytes);
    const std::size_t size = size_class(bytes);
    {
      const std::lock_guard lock(mutex_);
      const auto found = free_.find(size);
      if (found != free_.end() && !found->second.empty()) {
        void* block = found->second.back();
        found->second.pop_back();
        cached_ -= size;
        add_use(size);
        return block;
      }
      add_use(size);
      make_room();
    }
    return make_block(size);
  }

  void give_back(void* data) {
    const std::size_t size = size_of(data);
    if (size >= kSmallest) {
      const std::lock_guard lock(mutex_);
      in_use_ -= size;
      if (in_use_ + cached_ + size <= allowed()) {
        free_[size].push_back(data);
        cached_ += size;
        return;
      }
    }
    free_block(data);
  }

  void release() {
    std::map<std::size_t, std::vector<void*>> blocks;
    {
      const std::lock_guard lock(mutex_);
      blocks.swap(free_);
      cached_ = 0;
      largest_use_ = in_use_;
    }
    for (const auto& [size, list] : blocks)
      for (void* block : list) free_block(block);
  }

 private:
  /// What the process may hold, kept blocks included: a step takes again what the last one gave back, so as much as was
  /// ever in use at once, and a quarter for sizes that do not come again.
  std::size_t allowed() const { return largest_use_ + largest_use_ / 4; }

  void add_use(std::size_t size) {
    in_use_ += size;
    largest_use_ = std::max(largest_use_, in_use_);
  }

  /// Gives the largest kept blocks back to the system until what is held is allowed.
  void make_room() {
    while (in_use_ + cached_ > allowed() && cached_ > 0) {
      const auto largest = std::prev(free_.end());
      if (!largest->second.empty()) {
        free_block(largest->second.back());
        largest->second.pop_back();
        cached_ -= largest->first;
      }
      if (largest->second.empty()) free_.erase(largest);
    }
  }

  static std::size_t& size_of(void* data) {
    return *reinterpret_cast<std::size_t*>(static_cast<std::uint8_t*>(data) - kHeader);
  }

  static void* make_block(std::size_t size) {
    void* start = is_huge(size) ? map_huge(size) : nullptr;
    if (start == nullptr && (is_huge(size) || posix_memalign(&start, kAlignment, size + kHeader) != 0))
      throw EngineFailure("outOfMemory", "There is not enough memory for another " + std::to_string(size >> 20) +
                                             " MiB. Reduce the batch size or the network.");
    void* data = static_cast<std::uint8_t*>(start) + kHeader;
    size_of(data) = size;
    return data;
  }

  static void free_block(void* data) {
    const std::size_t size = size_of(data);
    void* start = static_cast<std::uint8_t*>(data) - kHeader;
    if (is_huge(size))
      munmap(start, mapped(size));
    else
      std::free(start);
  }

  static bool is_huge(std::size_t size) { return size >= 4 * kHugePage; }

  static std::size_t mapped(std::size_t size) { return (size + kHeader + kHugePage - 1) / kHugePage * kHugePage; }

  /// Straight from the system, at the beginning of a huge page: in Electron's processes the C library's own functions
  /// are Chromium's, which end the process when asked for so large an alignment. Null if there is not enough.
  static void* map_huge(std::size_t size) {
    const std::size_t wanted = mapped(size);
    const std::size_t reserved = wanted + kHugePage;
    void* const map = mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) return nullptr;
    const auto begin = reinterpret_cast<std::uintptr_t>(map);
    const std::uintptr_t start = (begin + kHugePage - 1) / kHugePage * kHugePage;
    if (start > begin) munmap(map, start - begin);
    const std::uintptr_t end = start + wanted;
    if (begin + reserved > end) munmap(reinterpret_cast<void*>(end), begin + reserved - end);
    void* const block = reinterpret_cast<void*>(start);
#ifdef MADV_HUGEPAGE
    madvise(block, wanted, MADV_HUGEPAGE);
#endif
    return block;
  }

  std::mutex mutex_;
  std::map<std::size_t, std::vector<void*>> free_;
  std::size_t cached_ = 0;
  std::size_t in_use_ = 0;
  std::size_t largest_use_ = 0;
};

/// Never destroyed: tensors may outlive it at the end of the process.
BlockCache& cache() {
  static auto* const blocks = new BlockCache;
  return *blocks;
}

class CachingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t bytes) override {
    void* data = bytes == 0 ? nullptr : cache().take(bytes);
    return {data, data, &free_data, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &free_data; }
  void copy_data(void* to, const void* from, std::size_t bytes) const override { default_copy_data(to, from, bytes); }

 private:
  static void free_data(void* data) {
    if (data != nullptr) cache().give_back(data);
  }
};

}  // namespace

CachedMemory::CachedMemory() {
  static auto* const allocator = [] {
    auto* made = new CachingAllocator;
    c10::SetCPUAllocator(made, /*priority=*/100);
    return made;
  }();
  (void)allocator;
}

CachedMemory::~CachedMemory() { cache().release(); }

}  // namespace torchwright
