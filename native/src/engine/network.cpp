#include "network.h"

#include <utility>

#include "containers.h"
#include "failure.h"
#include "initialise.h"
#include "recurrent.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// libtorch's messages carry a C++ back trace after the first line; users get the sentence.
std::string first_line(const c10::Error& error) {
  const std::string text = error.what_without_backtrace();
  return text.substr(0, text.find('\n'));
}

/// Any layer, with its address put on what libtorch refuses.
class AddressedLayer : public Module {
 public:
  AddressedLayer(ModulePointer layer, const PlanNode& node)
      : layer_(std::move(layer)), address_{node.path, node.key, node.layer} {}

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    try {
      return traced({layer_->forward(x, context)}, context).at(0);
    } catch (const c10::Error& error) {
      throw refusal(error);
    }
  }
  Flow forward_flow(const Flow& inputs, ForwardContext& context) override {
    try {
      return traced(layer_->forward_flow(inputs, context), context);
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
    const std::string sentence = address_.path + " (" + address_.type + "): " + first_line(error);
    return EngineFailure("badNetwork", sentence, address_.path);
  }

  ModulePointer layer_;
  ModuleAddress address_;
};

/// How many tensors modules one after another take from outside, at least one, and how many leave the last of them.
struct FlowCount {
  std::size_t takes = 1;
  std::size_t passing = 1;

  void add(const Module& module) {
    if (module.takes() > passing) {
      takes += module.takes() - passing;
      passing = module.takes();
    }
    passing += module.gives() - module.takes();
  }
};

class Sequential : public Module {
 public:
  explicit Sequential(std::vector<ModulePointer> children) : children_(std::move(children)) {
    for (std::size_t index = 1; index < children_.size(); ++index) {
      if (children_[index - 1]->output_is_free() && children_[index]->can_use_input()) children_[index]->use_input();
    }
    for (const ModulePointer& child : children_) {
      flow_.add(*child);
      has_plain_parts_ = has_plain_parts_ && child->is_plain();
    }
  }
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    if (!has_plain_parts_) return forward_flow({x}, context).at(0);
    Tensor y = x;
    for (const ModulePointer& child : children_) y = child->forward(y, context);
    return y;
  }
  Flow forward_flow(const Flow& inputs, ForwardContext& context) override {
    Flow flow = inputs;
    for (const ModulePointer& child : children_) flow = pass(*child, std::move(flow), context);
    return flow;
  }
  std::size_t takes() const override { return flow_.takes; }
  std::size_t gives() const override { return flow_.passing; }
  bool output_is_free() const override {
    return has_plain_parts_ && !children_.empty() && children_.back()->output_is_free();
  }

 private:
  std::vector<ModulePointer> children_;
  FlowCount flow_;
  bool has_plain_parts_ = true;
};

/// after(body(x) + shortcut(x))
class Residual : public Module {
 public:
  Residual(ModulePointer body, ModulePointer shortcut, ModulePointer after, const PlanNode& node)
      : body_(std::move(body)),
        shortcut_(std::move(shortcut)),
        after_(std::move(after)),
        address_{node.path, node.key, node.type} {
    if (after_ && after_->can_use_input()) after_->use_input();
  }
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    Tensor y = body_ ? body_->forward(x, context) : x;
    const Tensor skipped = shortcut_ ? shortcut_->forward(x, context) : x;
    if (y.sizes() != skipped.sizes()) {
      throw EngineFailure("badNetwork",
                          address_.path + " (Residual): the body gives " + c10::str(y.sizes()) + ", the shortcut " +
                              c10::str(skipped.sizes()) + "; they cannot be added.",
                          address_.path);
    }
    // In mixed precision the sum of two types is of the wider one: it has no room in the other's memory.
    const bool has_room = y.scalar_type() == skipped.scalar_type();
    y = body_ && body_->output_is_free() && has_room ? y.add_(skipped) : y.add(skipped);
    context.record(address_, {y});
    return after_ ? after_->forward(y, context) : y;
  }
  bool output_is_free() const override { return after_ == nullptr || after_->output_is_free(); }

 private:
  ModulePointer body_;
  ModulePointer shortcut_;
  ModulePointer after_;
  ModuleAddress address_;
};

/// Fork: every branch gets the first tensor. Join: every branch gets one of its own. Their outputs are joined.
class Branches : public FlowModule {
 public:
  Branches(std::vector<ModulePointer> branches, const PlanNode& node)
      : branches_(std::move(branches)),
        is_join_(node.type == "Join"),
        join_(node.join),
        dim_(node.join_dim),
        address_{node.path, node.key, node.type} {
    for (const ModulePointer& branch : branches_) gives_ += branch->gives();
    if (join_ != "tuple") gives_ = 1;
  }

  Flow forward_flow(const Flow& inputs, ForwardContext& context) override {
    Flow outputs;
    for (std::size_t index = 0; index < branches_.size(); ++index) {
      for (Tensor& output : branches_[index]->forward_flow({inputs.at(is_join_ ? index : 0)}, context))
        outputs.push_back(std::move(output));
    }
    if (join_ == "tuple") return outputs;
    try {
      Flow joined{join(outputs)};
      context.record(address_, joined);
      return joined;
    } catch (const c10::Error& error) {
      throw EngineFailure("badNetwork", name() + ": " + first_line(error), address_.path);
    }
  }
  std::size_t takes() const override { return is_join_ ? branches_.size() : 1; }
  std::size_t gives() const override { return gives_; }

 private:
  std::string name() const { return address_.path + " (" + address_.type + ")"; }

  Tensor join(const Flow& outputs) const {
    if (join_ == "cat") return torch::cat(outputs, dim_);
    if (join_ == "stack") return torch::stack(outputs, dim_);
    Tensor y = outputs.at(0);
    for (std::size_t index = 1; index < outputs.size(); ++index) {
      if (join_ == "add") {
        y = y.add(outputs[index]);
      } else if (join_ == "multiply") {
        y = y.mul(outputs[index]);
      } else if (join_ == "matmul") {
        y = y.matmul(outputs[index]);
      } else {
        throw EngineFailure("badNetwork", name() + ": there is no join called '" + join_ + "'.", address_.path);
      }
    }
    return y;
  }

  std::vector<ModulePointer> branches_;
  bool is_join_;
  std::string join_;
  std::int64_t dim_;
  ModuleAddress address_;
  std::size_t gives_ = 0;
};

/// One body applied `count` times with the same weights.
class Repeat : public Module {
 public:
  Repeat(ModulePointer body, std::int64_t count) : body_(std::move(body)), count_(count) {
    for (std::int64_t pass = 0; pass < count_; ++pass) flow_.add(*body_);
  }

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    if (!body_->is_plain()) return forward_flow({x}, context).at(0);
    Tensor y = x;
    for (std::int64_t pass = 0; pass < count_; ++pass) y = body_->forward(y, context);
    return y;
  }
  Flow forward_flow(const Flow& inputs, ForwardContext& context) override {
    Flow flow = inputs;
    for (std::int64_t time = 0; time < count_; ++time) flow = pass(*body_, std::move(flow), context);
    return flow;
  }
  std::size_t takes() const override { return flow_.takes; }
  std::size_t gives() const override { return flow_.passing; }

 private:
  ModulePointer body_;
  std::int64_t count_;
  FlowCount flow_;
};

}  // namespace

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

  if (node.type == "Sequential") return std::make_unique<Sequential>(build_all(node.children));
  if (node.type == "Residual") {
    // In this order: PyTorch lists the attributes body, shortcut, after as they are declared.
    ModulePointer body = build_part(node.body);
    ModulePointer shortcut = build_part(node.shortcut);
    ModulePointer after = build_part(node.after);
    return std::make_unique<Residual>(std::move(body), std::move(shortcut), std::move(after), node);
  }
  if (node.type == "Fork" || node.type == "Join") return std::make_unique<Branches>(build_all(node.children), node);
  if (node.type == "Transform") return make_transform(build_all(node.children));
  if (node.type == "NBeats") return make_n_beats(build_all(node.children), node);
  if (node.type == "Repeat") return std::make_unique<Repeat>(build_part(node.body), node.count);
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
