#pragma once

#include "module.h"

namespace torchwright {

ModulePointer build_convolution(ParameterBuilder& builder);

}  // namespace torchwright
