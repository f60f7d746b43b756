#include "engine/network/containers.h"
#include "engine/runtime/failure.h"
#include "engine/runtime/step_profile.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// after(body(before(x))) with an RNN, a GRU or an LSTM as body.
class Recurrent : public FlowModule {
 public:
  Recurrent(RecurrentParts parts, const PlanNode& node, ParameterStore& store)
      : parts_(std::move(parts)),
        hands_on_(node.hands_on),
        path_(node.path),
        body_{node.body->path, node.body->key, node.body->layer} {
    if (!node.carry) return;
    carried_ = static_cast<int>(store.carried.size());
    store.carried.push_back({node.key.empty() ? "state" : node.key + ".state", {}, {}});
  }

  Flow forward_flow(const Flow& inputs, ForwardContext& context) override {
    const TimedModule timed(path_);
    const Tensor x = parts_.before ? parts_.before->forward(inputs.at(0), context) : inputs.at(0);
    const RecurrentOutput made = run_body(x, context);
    context.record(body_, {made.sequence});
    Flow flow;
    for (const std::string& wanted : hands_on_) {
      if (wanted == "sequence") flow.push_back(made.sequence);
      // Contiguous: what follows reads it row by row.
      if (wanted == "last") flow.push_back(made.sequence.select(1, -1).contiguous());
      if (wanted == "hidden") flow.push_back(made.state.at(0).transpose(0, 1).contiguous());
    }
    return parts_.after ? pass(*parts_.after, std::move(flow), context) : flow;
  }
  std::size_t gives() const override {
    return hands_on_.size() + (parts_.after ? parts_.after->gives() - parts_.after->takes() : 0);
  }

 private:
  RecurrentOutput run_body(const Tensor& x, ForwardContext& context) const {
    const TimedModule timed(body_.path);
    RecurrentOutput made = run_carried(x, context);
    timed.gave(x, made.sequence);
    return made;
  }

  RecurrentOutput run_carried(const Tensor& x, ForwardContext& context) const {
    try {
      if (carried_ < 0) return parts_.body->run(x, {}, context);
      CarriedState& carried = context.store.carried[static_cast<std::size_t>(carried_)];
      RecurrentState& state = context.training ? carried.training : carried.evaluation;
      RecurrentOutput made = parts_.body->run(x, first_of(state, x.size(0)), context);
      state.clear();
      for (const Tensor& part : made.state) state.push_back(part.detach());
      return made;
    } catch (const c10::Error& error) {
      throw EngineFailure("badNetwork",
                          body_.path + " (" + body_.type + "): " + first_line(error.what_without_backtrace()),
                          body_.path);
    }
  }

  /// A smaller batch, the last of an epoch, goes on from the first samples' states; a larger one begins anew.
  static RecurrentState first_of(const RecurrentState& state, std::int64_t batch) {
    if (state.empty() || state.front().size(1) < batch) return {};
    RecurrentState first;
    for (const Tensor& part : state) first.push_back(part.narrow(1, 0, batch).contiguous());
    return first;
  }

  RecurrentParts parts_;
  std::vector<std::string> hands_on_;
  std::string path_;
  ModuleAddress body_;
  int carried_ = -1;  // in the store
};

}  // namespace

ModulePointer make_recurrent(RecurrentParts parts, const PlanNode& node, ParameterStore& store) {
  return std::make_unique<Recurrent>(std::move(parts), node, store);
}

}  // namespace torchwright
