#pragma once

#include <napi.h>

namespace torchwright {

/// Images as training would feed them: Addon of main/engine/addon.ts.
Napi::Value augment_images_value(const Napi::CallbackInfo& info);

}  // namespace torchwright
