#include "engine/network/weights.h"

#include <set>

#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

using torch::Tensor;

template <typename Visit>
void for_each_tensor(ParameterStore& store, const Visit& visit) {
  for (Parameter& parameter : store.parameters) visit(parameter.name, parameter.tensor);
  for (Buffer& buffer : store.buffers) visit(buffer.name, buffer.tensor);
}

}  // namespace

NamedTensors weights_of(ParameterStore& store) {
  NamedTensors tensors;
  for_each_tensor(store, [&](const std::string& name, Tensor& tensor) { tensors.emplace_back(name, tensor); });
  return tensors;
}

void put_weights(ParameterStore& store, const std::map<std::string, Tensor>& given, const std::string& file) {
  const torch::NoGradGuard no_grad;
  for_each_tensor(store, [&](const std::string& name, Tensor& tensor) {
    const auto found = given.find(name);
    if (found == given.end())
      throw EngineFailure("badData", file + " holds no tensor called " + name + ": it belongs to another network.",
                          file);
    if (found->second.sizes() != tensor.sizes())
      throw EngineFailure("badData",
                          file + ": " + name + " has the shape " + c10::str(found->second.sizes()) +
                              ", the network's has " + c10::str(tensor.sizes()) + ".",
                          file);
    tensor.copy_(found->second);
  });
}

WeightReport put_matching_weights(ParameterStore& store, const std::map<std::string, Tensor>& given) {
  const torch::NoGradGuard no_grad;
  WeightReport report;
  std::set<std::string> unused;
  for (const auto& [name, tensor] : given) unused.insert(name);
  for_each_tensor(store, [&](const std::string& name, Tensor& tensor) {
    const auto found = given.find(name);
    if (found == given.end()) {
      report.missing.push_back(name);
      return;
    }
    unused.erase(name);
    if (found->second.sizes() == tensor.sizes()) {
      tensor.copy_(found->second);
      report.matched.push_back(name);
    } else {
      report.other_shape.push_back({name, found->second.sizes().vec(), tensor.sizes().vec()});
    }
  });
  report.unused.assign(unused.begin(), unused.end());
  return report;
}

}  // namespace torchwright
