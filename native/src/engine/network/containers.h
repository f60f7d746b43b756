#pragma once

#include <vector>

#include "engine/layers/recurrent.h"

namespace torchwright {

/// One module after the other.
ModulePointer make_sequential(std::vector<ModulePointer> children);

/// after(body(x) + shortcut(x)). Each part may be missing: then x passes as it is.
ModulePointer make_residual(ModulePointer body, ModulePointer shortcut, ModulePointer after, const PlanNode& node);

/// Fork: every branch gets the first tensor. Join: every branch gets one of its own. Their outputs are joined as `node`
/// says.
ModulePointer make_branches(std::vector<ModulePointer> branches, const PlanNode& node);

/// One body applied `count` times with the same weights.
ModulePointer make_repeat(ModulePointer body, std::int64_t count);

/// The first of the two while training, the second otherwise.
ModulePointer make_transform(std::vector<ModulePointer> ways);

/// (b, f) = block(x), x = x - b, block after block; gives the sum of the f. Oreshkin and others 2020, "N-BEATS",
/// section 3.2.
ModulePointer make_n_beats(std::vector<ModulePointer> blocks, const PlanNode& node);

/// Of the container Recurrent; `before` and `after` may be missing.
struct RecurrentParts {
  ModulePointer before;
  std::unique_ptr<RecurrentLayer> body;
  ModulePointer after;
};

/// What the container hands on and whether its state is carried says `node`; a carried state lies in `store`.
ModulePointer make_recurrent(RecurrentParts parts, const PlanNode& node, ParameterStore& store);

}  // namespace torchwright
