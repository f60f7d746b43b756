#include "engine/layers/module.h"

#include <utility>

namespace torchwright {

using torch::Tensor;

void ForwardContext::record(const ModuleAddress& address, const Flow& outputs) const {
  if (trace == nullptr) return;
  Flow copies;
  for (const Tensor& output : outputs) copies.push_back(output.detach().clone());
  trace->push_back({address, std::move(copies)});
}

Flow pass(Module& module, Flow flow, ForwardContext& context) {
  if (module.is_plain()) {
    flow.at(0) = module.forward(flow.at(0), context);
    return flow;
  }
  const auto rest = flow.begin() + static_cast<std::ptrdiff_t>(module.takes());
  Flow next = module.forward_flow(Flow(flow.begin(), rest), context);
  next.insert(next.end(), rest, flow.end());
  return next;
}

int ParameterBuilder::parameter(const std::string& name, std::vector<std::int64_t> shape, ParameterKind kind) {
  store_.parameters.push_back({full_name(name), torch::empty(shape), kind, !node_.frozen});
  return static_cast<int>(store_.parameters.size()) - 1;
}

int ParameterBuilder::buffer(const std::string& name, torch::Tensor value) {
  store_.buffers.push_back({full_name(name), std::move(value)});
  return static_cast<int>(store_.buffers.size()) - 1;
}

std::string ParameterBuilder::full_name(const std::string& name) const {
  return node_.key.empty() ? name : node_.key + "." + name;
}

}  // namespace torchwright
