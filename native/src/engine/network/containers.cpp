#include "engine/network/containers.h"

#include <utility>

#include "engine/runtime/failure.h"
#include "engine/runtime/step_profile.h"

namespace torchwright {
namespace {

using torch::Tensor;

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
    const TimedModule timed(address_.path);
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
    const Tensor sum = body_ && body_->output_is_free() && has_room ? y.add_(skipped) : y.add(skipped);
    timed.gave(y, sum);
    y = sum;
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
    const TimedModule timed(address_.path);
    Flow outputs;
    for (std::size_t index = 0; index < branches_.size(); ++index) {
      for (Tensor& output : branches_[index]->forward_flow({inputs.at(is_join_ ? index : 0)}, context))
        outputs.push_back(std::move(output));
    }
    if (join_ == "tuple") return outputs;
    try {
      Flow joined{join(outputs)};
      timed.gave(outputs, joined);
      context.record(address_, joined);
      return joined;
    } catch (const c10::Error& error) {
      throw EngineFailure("badNetwork", name() + ": " + first_line(error.what_without_backtrace()), address_.path);
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

class Transform : public Module {
 public:
  explicit Transform(std::vector<ModulePointer> ways) : ways_(std::move(ways)) {}

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    return ways_.at(context.training ? 0 : 1)->forward(x, context);
  }

 private:
  std::vector<ModulePointer> ways_;
};

class NBeats : public Module {
 public:
  NBeats(std::vector<ModulePointer> blocks, const PlanNode& node)
      : blocks_(std::move(blocks)), address_{node.path, node.key, node.type} {}

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    const TimedModule timed(address_.path);
    Tensor rest = x;
    Tensor sum;
    for (std::size_t index = 0; index < blocks_.size(); ++index) {
      const Flow made = blocks_[index]->forward_flow({rest}, context);
      if (made.size() != 2) refuse(index, "gives " + std::to_string(made.size()) + " tensors, not two.");
      if (made[0].sizes() != x.sizes()) refuse(index, "gives a backcast of " + c10::str(made[0].sizes()) + ".");
      if (sum.defined() && made[1].sizes() != sum.sizes())
        refuse(index, "gives a forecast of " + c10::str(made[1].sizes()) + ".");
      // What the last block leaves is asked for by nobody.
      if (index + 1 < blocks_.size()) rest = rest - made[0];
      sum = sum.defined() ? sum + made[1] : made[1];
      timed.gave(made[1], sum);
    }
    context.record(address_, {sum});
    return sum;
  }

 private:
  [[noreturn]] void refuse(std::size_t index, const std::string& what) const {
    const std::string block = ": block " + std::to_string(index + 1) + " ";
    throw EngineFailure("badNetwork", address_.path + " (NBeats)" + block + what, address_.path);
  }

  std::vector<ModulePointer> blocks_;
  ModuleAddress address_;
};

}  // namespace

ModulePointer make_sequential(std::vector<ModulePointer> children) {
  return std::make_unique<Sequential>(std::move(children));
}

ModulePointer make_residual(ModulePointer body, ModulePointer shortcut, ModulePointer after, const PlanNode& node) {
  return std::make_unique<Residual>(std::move(body), std::move(shortcut), std::move(after), node);
}

ModulePointer make_branches(std::vector<ModulePointer> branches, const PlanNode& node) {
  return std::make_unique<Branches>(std::move(branches), node);
}

ModulePointer make_repeat(ModulePointer body, std::int64_t count) {
  return std::make_unique<Repeat>(std::move(body), count);
}

ModulePointer make_transform(std::vector<ModulePointer> ways) { return std::make_unique<Transform>(std::move(ways)); }

ModulePointer make_n_beats(std::vector<ModulePointer> blocks, const PlanNode& node) {
  return std::make_unique<NBeats>(std::move(blocks), node);
}

}  // namespace torchwright
