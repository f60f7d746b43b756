#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/plan/plan.h"

namespace torchwright {

/// What a parameter is, for initialisers and parameter groups: norm are the scales of normalisations.
enum class ParameterKind { weight, bias, norm };

struct Parameter {
  std::string name;  // as in PyTorch's state dict
  torch::Tensor tensor;
  ParameterKind kind;
  bool trainable;
};

struct Buffer {
  std::string name;
  torch::Tensor tensor;
};

/// Of a Recurrent whose state goes on from batch to batch: in training until the epoch ends, in evaluation until that
/// does. Empty: the next batch begins from zeros.
struct CarriedState {
  std::string name;
  std::vector<torch::Tensor> training;
  std::vector<torch::Tensor> evaluation;
};

/// All tensors of a network in the order PyTorch would list them. Modules keep indices into it, so that the
/// tensors can be moved to a device or replaced in one place.
struct ParameterStore {
  std::vector<Parameter> parameters;
  std::vector<Buffer> buffers;
  std::vector<CarriedState> carried;

  torch::Tensor& parameter(int index) { return parameters[static_cast<std::size_t>(index)].tensor; }
  torch::Tensor& buffer(int index) { return buffers[static_cast<std::size_t>(index)].tensor; }

  /// At the beginning of an epoch or of an evaluation.
  void forget_carried(bool training) {
    for (CarriedState& each : carried) (training ? each.training : each.evaluation).clear();
  }
};

/// Forward passes in between begin from zeros, and what training carries afterwards is what it carried before.
class CarriedKept {
 public:
  explicit CarriedKept(ParameterStore& store) : store_(store), kept_(store.carried) { store.forget_carried(true); }
  ~CarriedKept() { store_.carried = std::move(kept_); }
  CarriedKept(const CarriedKept&) = delete;
  CarriedKept& operator=(const CarriedKept&) = delete;

 private:
  ParameterStore& store_;
  std::vector<CarriedState> kept_;
};

/// What flows from module to module: one tensor or a tuple of them. A module that takes k of them gets the first k and
/// puts its outputs in their place; the others pass it by.
using Flow = std::vector<torch::Tensor>;

/// Where a module stands, and what it is.
struct ModuleAddress {
  std::string path;
  std::string key;
  std::string type;  // a layer's name, or a container's
};

/// What a layer or a join gave.
struct TracedModule {
  ModuleAddress address;
  Flow outputs;
};

/// What a forward pass needs beside its input.
struct ForwardContext {
  ParameterStore& store;
  torch::Generator& generator;  // CPU: dropout draws its seeds here
  bool training;
  std::vector<TracedModule>* trace = nullptr;  // in the order in which they compute, where it is asked for

  /// Keeps copies in the trace, if there is one: the next module may overwrite what it gets.
  void record(const ModuleAddress& address, const Flow& outputs) const;
};

/// One node of the network: a layer or a container.
class Module {
 public:
  virtual ~Module() = default;

  /// x: [batch, …]. Throws EngineFailure `badNetwork` with the module's path when libtorch refuses.
  virtual torch::Tensor forward(const torch::Tensor& x, ForwardContext& context) = 0;

  /// How many tensors of the flow it takes, and how many it puts in their place.
  virtual std::size_t takes() const { return 1; }
  virtual std::size_t gives() const { return 1; }
  bool is_plain() const { return takes() == 1 && gives() == 1; }

  /// `inputs`: as many as it takes.
  virtual Flow forward_flow(const Flow& inputs, ForwardContext& context) { return {forward(inputs.at(0), context)}; }

  /// Whether the output is a fresh tensor that its backward pass does not need, so that the next may overwrite it.
  virtual bool output_is_free() const { return false; }

  /// Whether this may overwrite its input, if asked to with `use_input`. ReLU and the like.
  virtual bool can_use_input() const { return false; }
  virtual void use_input() {}
};

using ModulePointer = std::unique_ptr<Module>;

/// A module that takes or gives several tensors.
class FlowModule : public Module {
 public:
  torch::Tensor forward(const torch::Tensor& x, ForwardContext& context) override {
    return forward_flow({x}, context).at(0);
  }
  Flow forward_flow(const Flow& inputs, ForwardContext& context) override = 0;
};

/// What flows on when `module` has taken its part of `flow`.
Flow pass(Module& module, Flow flow, ForwardContext& context);

/// Where a layer declares its tensors while it is built.
class ParameterBuilder {
 public:
  ParameterBuilder(ParameterStore& store, const PlanNode& node) : store_(store), node_(node) {}

  int parameter(const std::string& name, std::vector<std::int64_t> shape, ParameterKind kind);
  int buffer(const std::string& name, torch::Tensor value);
  const PlanNode& node() const { return node_; }

 private:
  std::string full_name(const std::string& name) const;

  ParameterStore& store_;
  const PlanNode& node_;
};

/// Builds a layer of the catalogue. Throws EngineFailure `badNetwork` for a name the engine does not know.
/// Parameters are left uninitialised.
ModulePointer build_layer(ParameterBuilder& builder);

}  // namespace torchwright
