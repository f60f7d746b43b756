#include "engine/network/network.h"

#include <utility>

#include "engine/network/containers.h"
#include "engine/network/initialise.h"
#include "engine/runtime/failure.h"
#include "engine/runtime/step_profile.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// Any layer, with its address put on what libtorch refuses.
class AddressedLayer : public Module {
 public:
  AddressedLayer(ModulePointer layer, const PlanNode& node)
      : layer_(std::move(layer)), address_{node.path, node.key, node.layer} {}

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    const TimedModule timed(address_.path);
    try {
      const Tensor output = layer_->forward(x, context);
      timed.gave(x, output);
      return traced({output}, context).at(0);
    } catch (const c10::Error& error) {
      throw refusal(error);
    }
  }
  Flow forward_flow(const Flow& inputs, ForwardContext& context) override {
    const TimedModule timed(address_.path);
    try {
      Flow outputs = layer_->forward_flow(inputs, context);
      timed.gave(inputs, outputs);
      return traced(std::move(outputs), context);
    } catch (const c10::Error& error) {
      throw refusal(error);
    }
  }
  std::size_t takes() const override { return layer_->takes(); }
  std::size_t gives() const override { return layer_->gives(); }
  bool output_is_free() const override { return layer_->output_is_free(); }
  bool can_use_input() const override { return layer_->can_use_input(); }
  void use_input() override { layer_->use_input(); }

 private:
  /// What goes on to the next module. Where gradients are wanted the trace has the outputs themselves, to differentiate
  /// by, and the next module, which may overwrite what it gets, a copy.
  Flow traced(Flow outputs, ForwardContext& context) const {
    if (context.trace == nullptr || !torch::GradMode::is_enabled()) {
      context.record(address_, outputs);
      return outputs;
    }
    context.trace->push_back({address_, outputs});
    for (Tensor& output : outputs) output = output.clone();
    return outputs;
  }

  EngineFailure refusal(const c10::Error& error) const {
    const std::string sentence =
        address_.path + " (" + address_.type + "): " + first_line(error.what_without_backtrace());
    return EngineFailure("badNetwork", sentence, address_.path);
  }

  ModulePointer layer_;
  ModuleAddress address_;
};

}  // namespace

Network::Network(const PlanNode& root, torch::Generator& generator) {
  root_ = build(root);
  initialise_parameters(root, store_, generator);
}

ModulePointer Network::build(const PlanNode& node) {
  const auto build_all = [this](const std::vector<PlanNode>& nodes) {
    std::vector<ModulePointer> modules;
    for (const PlanNode& each : nodes) modules.push_back(build(each));
    return modules;
  };
  const auto build_part = [this](const std::unique_ptr<PlanNode>& part) { return part ? build(*part) : nullptr; };

  if (node.type == "Sequential") return make_sequential(build_all(node.children));
  if (node.type == "Residual") {
    // In this order: PyTorch lists the attributes body, shortcut, after as they are declared.
    ModulePointer body = build_part(node.body);
    ModulePointer shortcut = build_part(node.shortcut);
    ModulePointer after = build_part(node.after);
    return make_residual(std::move(body), std::move(shortcut), std::move(after), node);
  }
  if (node.type == "Fork" || node.type == "Join") return make_branches(build_all(node.children), node);
  if (node.type == "Transform") return make_transform(build_all(node.children));
  if (node.type == "NBeats") return make_n_beats(build_all(node.children), node);
  if (node.type == "Repeat") return make_repeat(build_part(node.body), node.count);
  if (node.type == "Recurrent") {
    RecurrentParts parts;
    parts.before = build_part(node.before);
    ParameterBuilder builder(store_, *node.body);
    parts.body = std::make_unique<RecurrentLayer>(builder);
    last_layer_ = node.body->layer;
    parts.after = build_part(node.after);
    return make_recurrent(std::move(parts), node, store_);
  }

  ParameterBuilder builder(store_, node);
  has_convolution_ = has_convolution_ || node.layer == "Conv2d";
  last_layer_ = node.layer;
  return std::make_unique<AddressedLayer>(build_layer(builder), node);
}

torch::Tensor Network::forward(const torch::Tensor& x, torch::Generator& generator, bool training) {
  ForwardContext context{store_, generator, training};
  return root_->forward(x, context);
}

torch::Tensor Network::forward_traced(const torch::Tensor& x, torch::Generator& generator, bool training,
                                      std::vector<TracedModule>& trace) {
  const torch::NoGradGuard no_grad;
  ForwardContext context{store_, generator, training, &trace};
  return root_->forward(x, context);
}

Flow Network::forward_flow(const Flow& inputs, torch::Generator& generator, bool training) {
  ForwardContext context{store_, generator, training};
  return root_->forward_flow(inputs, context);
}

Flow Network::compute(const Flow& inputs, std::vector<TracedModule>* trace) {
  store_.forget_carried(/*training=*/false);
  at::Generator generator = at::detail::createCPUGenerator(0);
  ForwardContext context{store_, generator, /*training=*/false, trace};
  return root_->forward_flow(inputs, context);
}

void Network::to(const torch::Device& device, bool channels_last) {
  const torch::NoGradGuard no_grad;
  for (Parameter& parameter : store_.parameters) {
    Tensor moved = parameter.tensor.detach().to(device);
    if (channels_last && moved.dim() == 4) {
      // empty_like writes channels-last strides even for one input channel, where contiguous() would not bother;
      // the convolution takes the layout of its output from them.
      moved = torch::empty_like(moved, moved.options(), torch::MemoryFormat::ChannelsLast).copy_(moved);
    }
    parameter.tensor = moved.set_requires_grad(parameter.trainable);
  }
  for (Buffer& buffer : store_.buffers) buffer.tensor = buffer.tensor.to(device);
}

}  // namespace torchwright
