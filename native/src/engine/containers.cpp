#include "containers.h"

#include <utility>

#include "failure.h"

namespace torchwright {
namespace {

using torch::Tensor;

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

ModulePointer make_transform(std::vector<ModulePointer> ways) { return std::make_unique<Transform>(std::move(ways)); }

ModulePointer make_n_beats(std::vector<ModulePointer> blocks, const PlanNode& node) {
  return std::make_unique<NBeats>(std::move(blocks), node);
}

}  // namespace torchwright
