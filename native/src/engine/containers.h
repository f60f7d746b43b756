#pragma once

#include <vector>

#include "module.h"

namespace torchwright {

/// The first of the two while training, the second otherwise.
ModulePointer make_transform(std::vector<ModulePointer> ways);

/// (b, f) = block(x), x = x - b, block after block; gives the sum of the f. Oreshkin and others 2020, "N-BEATS",
/// section 3.2.
ModulePointer make_n_beats(std::vector<ModulePointer> blocks, const PlanNode& node);

}  // namespace torchwright
