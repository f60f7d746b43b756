#pragma once

#include <napi.h>

namespace torchwright {

/// scaleLosses of main/engine/addon.ts.
Napi::Value scale_losses(const Napi::CallbackInfo& info);

}  // namespace torchwright
