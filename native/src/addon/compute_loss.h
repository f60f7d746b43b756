#pragma once

#include <napi.h>

namespace torchwright {

/// computeLoss of main/engine/addon.ts.
Napi::Value compute_loss(const Napi::CallbackInfo& info);

}  // namespace torchwright
