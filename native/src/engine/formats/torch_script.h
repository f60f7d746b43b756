#pragma once

#include <torch/torch.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/layers/module.h"

namespace torchwright {

/// Makes a TorchScript module and saves it. `module` is a ScriptModule of core/export/torchscript/script-module.ts:
/// names of its tensors among `weights`, the modules in it, and the source of its methods. `notes`: texts that lie in
/// the file by their names, for torch.jit.load's `_extra_files`.
void write_torch_script(const nlohmann::json& module, const std::map<std::string, torch::Tensor>& weights,
                        const std::string& file, const std::map<std::string, std::string>& notes);

struct ScriptAnswer {
  Flow outputs;
  std::vector<TracedModule> trace;  // of modules that keep what they made (ScriptModule.isTraced); only their keys
};

/// Loads a TorchScript file by libtorch's own loader, and runs it. Throws EngineFailure `badData` where it
/// cannot be loaded.
ScriptAnswer run_torch_script(const std::string& file, const Flow& inputs);

}  // namespace torchwright
