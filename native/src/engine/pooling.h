#pragma once

#include "module.h"

namespace torchwright {

/// MaxPool2d, AvgPool2d and the adaptive ones.
ModulePointer build_pool(ParameterBuilder& builder);

}  // namespace torchwright
