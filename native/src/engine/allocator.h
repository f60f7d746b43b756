#pragma once

#include <cstddef>

namespace torchwright {

/// Makes libtorch take CPU memory through a cache of freed blocks. Training asks for the same sizes at every step;
/// without this, large blocks are mapped, zeroed and unmapped each time, and in Electron `mallopt` cannot help.
/// Once a process; later calls do nothing.
void use_caching_allocator();

/// Gives all cached blocks back to the system: after a run.
void release_cached_memory();

/// Bytes handed out and kept, for tests and diagnosis.
struct AllocatorFigures {
  std::size_t in_use;
  std::size_t cached;
};
AllocatorFigures allocator_figures();

}  // namespace torchwright
