#include "engine/evaluation/explain.h"

#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

using torch::Tensor;

Tensor grad_cam(const Tensor& activation, const Tensor& gradient) {
  return (activation * gradient.mean({2, 3}, /*keepdim=*/true)).sum(1).relu()[0];
}

/// [1, channels, height, width] of more than one place.
bool is_picture(const Tensor& tensor) { return tensor.dim() == 4 && tensor.size(2) * tensor.size(3) > 1; }

}  // namespace

Explanation explain(Network& network, Flow inputs, std::optional<std::int64_t> target) {
  Explanation found;
  inputs.at(0) = inputs.at(0).detach().clone().set_requires_grad(true);
  found.outputs = network.compute(inputs, &found.trace);
  const Tensor& output = found.outputs.at(0);
  if (output.dim() != 2 || output.size(0) != 1 || target.value_or(0) < 0 || target.value_or(0) >= output.size(1))
    throw EngineFailure("badNetwork", "explanations need a network with a score for each class");
  found.target = target ? *target : output.argmax().item<std::int64_t>();

  std::vector<Tensor> wanted{inputs.at(0)};
  std::vector<std::size_t> places;
  for (std::size_t index = 0; index < found.trace.size(); ++index) {
    const Tensor& made = found.trace[index].outputs.at(0);
    if (!made.requires_grad() || !is_picture(made)) continue;
    wanted.push_back(made);
    places.push_back(index);
  }
  const std::vector<Tensor> gradients =
      torch::autograd::grad({output[0][found.target]}, wanted, {}, /*retain_graph=*/false, /*create_graph=*/false,
                            /*allow_unused=*/true);
  const torch::NoGradGuard no_grad;
  found.saliency = gradients.at(0).defined() ? gradients.at(0) : torch::zeros_like(inputs.at(0));
  found.maps.resize(found.trace.size());
  for (std::size_t place = 0; place < places.size(); ++place) {
    const Tensor& gradient = gradients.at(place + 1);
    if (gradient.defined()) found.maps[places[place]] = grad_cam(wanted[place + 1], gradient);
  }
  for (Tensor& made : found.outputs) made = made.detach();
  for (TracedModule& module : found.trace)
    for (Tensor& made : module.outputs) made = made.detach();
  return found;
}

}  // namespace torchwright
