#pragma once

#include <napi.h>

namespace torchwright {

/// What exports and a look at one sample need of libtorch: Addon of main/engine/addon.ts.
Napi::Value run_network(const Napi::CallbackInfo& info);
Napi::Value explain_network(const Napi::CallbackInfo& info);
Napi::Value write_torch_script(const Napi::CallbackInfo& info);
Napi::Value run_torch_script(const Napi::CallbackInfo& info);

}  // namespace torchwright
