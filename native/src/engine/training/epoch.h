#pragma once

#include <cstdint>

#include "engine/data/batches.h"
#include "engine/figures/meter.h"

namespace torchwright {

/// An epoch under way: what it goes through, how far it is, and what was measured in it.
struct Epoch {
  EpochOrder order;
  std::int64_t batch = 0;  // done
  std::int64_t step = 0;   // optimizer steps done
  double seconds = 0;      // spent in it, all calls together
  Meter meter;
};

}  // namespace torchwright
