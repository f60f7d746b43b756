#pragma once

namespace torchwright {

/// While it lives, libtorch takes CPU memory through a cache of freed blocks, which all go back to the system with it.
/// Training asks for the same sizes at every step; without this, large blocks are mapped, zeroed and unmapped each
/// time, and in Electron `mallopt` cannot help. The cache is the process's: blocks still in use are given back to it
/// later.
class CachedMemory {
 public:
  CachedMemory();
  ~CachedMemory();
  CachedMemory(const CachedMemory&) = delete;
  CachedMemory& operator=(const CachedMemory&) = delete;
};

}  // namespace torchwright
