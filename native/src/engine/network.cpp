#include "network.h"

#include <utility>

#include "failure.h"
#include "initialise.h"

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
      : layer_(std::move(layer)), path_(node.path), name_(node.layer) {}

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    try {
      return layer_->forward(x, context);
    } catch (const c10::Error& error) {
      throw EngineFailure("badNetwork", path_ + " (" + name_ + "): " + first_line(error), path_);
    }
  }
  bool output_is_free() const override { return layer_->output_is_free(); }
  bool can_use_input() const override { return layer_->can_use_input(); }
  void use_input() override { layer_->use_input(); }

 private:
  ModulePointer layer_;
  std::string path_;
  std::string name_;
};

class Sequential : public Module {
 public:
  explicit Sequential(std::vector<ModulePointer> children) : children_(std::move(children)) {
    for (std::size_t index = 1; index < children_.size(); ++index) {
      if (children_[index - 1]->output_is_free() && children_[index]->can_use_input()) children_[index]->use_input();
    }
  }
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    Tensor y = x;
    for (const ModulePointer& child : children_) y = child->forward(y, context);
    return y;
  }
  bool output_is_free() const override { return !children_.empty() && children_.back()->output_is_free(); }

 private:
  std::vector<ModulePointer> children_;
};

/// after(body(x) + shortcut(x))
class Residual : public Module {
 public:
  Residual(ModulePointer body, ModulePointer shortcut, ModulePointer after, std::string path)
      : body_(std::move(body)), shortcut_(std::move(shortcut)), after_(std::move(after)), path_(std::move(path)) {
    if (after_ && after_->can_use_input()) after_->use_input();
  }
  Tensor forward(const Tensor& x, ForwardContext& context) override {
    Tensor y = body_ ? body_->forward(x, context) : x;
    const Tensor skipped = shortcut_ ? shortcut_->forward(x, context) : x;
    if (y.sizes() != skipped.sizes()) {
      throw EngineFailure("badNetwork",
                          path_ + " (Residual): the body gives " + c10::str(y.sizes()) + ", the shortcut " +
                              c10::str(skipped.sizes()) + "; they cannot be added.",
                          path_);
    }
    y = body_ && body_->output_is_free() ? y.add_(skipped) : y.add(skipped);
    return after_ ? after_->forward(y, context) : y;
  }
  bool output_is_free() const override { return after_ == nullptr || after_->output_is_free(); }

 private:
  ModulePointer body_;
  ModulePointer shortcut_;
  ModulePointer after_;
  std::string path_;
};

class Fork : public Module {
 public:
  Fork(std::vector<ModulePointer> branches, const PlanNode& node)
      : branches_(std::move(branches)), join_(node.join), dim_(node.join_dim), path_(node.path) {}

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    std::vector<Tensor> outputs;
    for (const ModulePointer& branch : branches_) outputs.push_back(branch->forward(x, context));
    try {
      return join(outputs);
    } catch (const c10::Error& error) {
      throw EngineFailure("badNetwork", path_ + " (Fork): " + first_line(error), path_);
    }
  }

 private:
  Tensor join(const std::vector<Tensor>& outputs) const {
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
        throw EngineFailure("badNetwork", path_ + " (Fork): there is no join called '" + join_ + "'.", path_);
      }
    }
    return y;
  }

  std::vector<ModulePointer> branches_;
  std::string join_;
  std::int64_t dim_;
  std::string path_;
};

/// One body applied `count` times with the same weights.
class Repeat : public Module {
 public:
  Repeat(ModulePointer body, std::int64_t count) : body_(std::move(body)), count_(count) {}

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    Tensor y = x;
    for (std::int64_t pass = 0; pass < count_; ++pass) y = body_->forward(y, context);
    return y;
  }

 private:
  ModulePointer body_;
  std::int64_t count_;
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

  if (node.type == "Sequential") return std::make_unique<Sequential>(build_all(node.children));
  if (node.type == "Residual") {
    // In this order: PyTorch lists the attributes body, shortcut, after as they are declared.
    ModulePointer body = build_part(node.body);
    ModulePointer shortcut = build_part(node.shortcut);
    ModulePointer after = build_part(node.after);
    return std::make_unique<Residual>(std::move(body), std::move(shortcut), std::move(after), node.path);
  }
  if (node.type == "Fork") return std::make_unique<Fork>(build_all(node.children), node);
  if (node.type == "Repeat") return std::make_unique<Repeat>(build_part(node.body), node.count);

  ParameterBuilder builder(store_, node);
  has_convolution_ = has_convolution_ || node.layer == "Conv2d";
  last_layer_ = node.layer;
  return std::make_unique<AddressedLayer>(build_layer(builder), node);
}

torch::Tensor Network::forward(const torch::Tensor& x, torch::Generator& generator, bool training) {
  ForwardContext context{store_, generator, training};
  return root_->forward(x, context);
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
