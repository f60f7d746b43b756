#include "engine/formats/torch_script.h"

#include <torch/script.h>

#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

using Json = nlohmann::json;
using torch::Tensor;

/// Where a module keeps what it made, if it does.
constexpr const char* kMade = "made";

torch::jit::Module make_module(const Json& description, const std::map<std::string, Tensor>& weights,
                               const std::shared_ptr<torch::jit::CompilationUnit>& unit) {
  const c10::QualifiedName name("__torch__.torchwright." + description.at("type").get<std::string>());
  torch::jit::Module module(name, unit, /*shouldMangle=*/true);
  module.register_attribute("training", c10::BoolType::get(), false);
  for (const Json& tensor : description.at("tensors")) {
    const auto found = weights.find(tensor.at("name").get<std::string>());
    if (found == weights.end())
      throw EngineFailure("internal", "There are no weights called " + tensor.at("name").get<std::string>() + ".");
    module.register_parameter(tensor.at("attribute"), found->second, tensor.at("isBuffer").get<bool>());
  }
  if (description.at("isTraced").get<bool>())
    module.register_attribute(kMade, c10::ListType::ofTensors(), c10::List<Tensor>());
  for (const Json& inner : description.at("modules"))
    module.register_module(inner.at("attribute"), make_module(inner.at("module"), weights, unit));
  const auto source = description.at("source").get<std::string>();
  try {
    if (!source.empty()) module.define(source);
  } catch (const std::exception& error) {
    throw EngineFailure("internal",
                        std::string("TorchScript refused the source of ") + name.name() + ":\n" + error.what());
  }
  return module;
}

}  // namespace

void write_torch_script(const Json& description, const std::map<std::string, Tensor>& weights, const std::string& file,
                        const std::map<std::string, std::string>& notes) {
  const auto unit = std::make_shared<torch::jit::CompilationUnit>();
  const torch::jit::Module module = make_module(description, weights, unit);
  torch::jit::ExtraFilesMap extra(notes.begin(), notes.end());
  try {
    module.save(file, extra);
  } catch (const c10::Error& error) {
    throw EngineFailure("notWritable", "Cannot write " + file + ": " + first_line(error.what_without_backtrace()),
                        file);
  }
}

ScriptAnswer run_torch_script(const std::string& file, const Flow& inputs) {
  torch::jit::Module module = [&file] {
    try {
      return torch::jit::load(file, torch::kCPU);
    } catch (const c10::Error& error) {
      throw EngineFailure("badData", "libtorch cannot load " + file + ": " + first_line(error.what_without_backtrace()),
                          file);
    }
  }();
  const torch::NoGradGuard no_grad;
  const c10::IValue made = module.forward({inputs.begin(), inputs.end()});
  ScriptAnswer answer;
  if (made.isTensor()) {
    answer.outputs.push_back(made.toTensor());
  } else {
    for (const c10::IValue& part : made.toTupleRef().elements()) answer.outputs.push_back(part.toTensor());
  }
  for (const auto& inner : module.named_modules()) {
    if (!inner.value.hasattr(kMade)) continue;
    Flow outputs;
    for (const Tensor& output : inner.value.attr(kMade).toTensorList().vec()) outputs.push_back(output);
    answer.trace.push_back({{"", inner.name, ""}, std::move(outputs)});
  }
  return answer;
}

}  // namespace torchwright
