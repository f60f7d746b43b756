#include "initialise.h"

#include <cmath>

#include "failure.h"

namespace torchwright {
namespace {

using torch::Tensor;

struct Fans {
  double in;
  double out;
};

/// As torch.nn.init computes them: the receptive field counts for both.
Fans fans_of(const Tensor& tensor) {
  if (tensor.dim() < 2) return {1, 1};
  const double field = static_cast<double>(tensor[0][0].numel());
  return {static_cast<double>(tensor.size(1)) * field, static_cast<double>(tensor.size(0)) * field};
}

/// torch.nn.init.calculate_gain. Leaky ReLU's slope is that function's default, .01.
double gain_of(const std::string& nonlinearity) {
  if (nonlinearity == "tanh") return 5.0 / 3.0;
  if (nonlinearity == "relu") return std::sqrt(2.0);
  if (nonlinearity == "leaky_relu") return std::sqrt(2.0 / (1 + 0.01 * 0.01));
  if (nonlinearity == "selu") return 0.75;
  return 1;  // linear, sigmoid
}

void fill_uniform(Tensor& tensor, double bound, torch::Generator& generator) {
  tensor.uniform_(-bound, bound, generator);
}

void apply_rule(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator, const std::string& path) {
  const Fans fans = fans_of(tensor);
  const bool xavier = rule.method.rfind("xavier", 0) == 0;
  const std::string nonlinearity = !rule.nonlinearity.empty() ? rule.nonlinearity : xavier ? "linear" : "leaky_relu";
  if (rule.method == "xavier_normal" || rule.method == "xavier_uniform" || rule.method == "kaiming_normal" ||
      rule.method == "kaiming_uniform") {
    // Glorot and Bengio 2010: variance 2 / (in + out); He et al. 2015: 1 / fan; both times gain².
    const double fan = xavier ? (fans.in + fans.out) / 2 : rule.mode == "fan_out" ? fans.out : fans.in;
    const double deviation = gain_of(nonlinearity) / std::sqrt(fan);
    if (rule.method == "xavier_normal" || rule.method == "kaiming_normal") {
      tensor.normal_(0, deviation, generator);
    } else {
      fill_uniform(tensor, std::sqrt(3.0) * deviation, generator);
    }
  } else if (rule.method == "normal") {
    tensor.normal_(rule.mean, rule.std, generator);
  } else if (rule.method == "zeros") {
    tensor.zero_();
  } else if (rule.method == "ones") {
    tensor.fill_(1);
  } else if (rule.method == "constant") {
    tensor.fill_(rule.value);
  } else {
    throw EngineFailure("badNetwork", path + ": there is no initialiser called '" + rule.method + "'.", path);
  }
}

/// Linear and Conv2d: kaiming_uniform with a = √5 comes to a bound of 1 / √fan_in, for weight and bias alike.
void initialise_default(Parameter& parameter, double fan_in, torch::Generator& generator, bool normalisation) {
  if (parameter.kind == ParameterKind::norm) {
    parameter.tensor.fill_(1);
  } else if (normalisation) {
    parameter.tensor.zero_();
  } else {
    fill_uniform(parameter.tensor, 1 / std::sqrt(fan_in), generator);
  }
}

const char* kind_name(ParameterKind kind) {
  return kind == ParameterKind::weight ? "weight" : kind == ParameterKind::bias ? "bias" : "norm";
}

std::string prefix_of(const PlanNode& node) { return node.key.empty() ? "" : node.key + "."; }

void initialise_layer(const PlanNode& node, std::vector<Parameter*> parameters, torch::Generator& generator) {
  bool normalisation = false;
  double fan_in = 1;
  for (const Parameter* parameter : parameters) {
    normalisation = normalisation || parameter->kind == ParameterKind::norm;
    if (parameter->kind == ParameterKind::weight) fan_in = fans_of(parameter->tensor).in;
  }
  for (Parameter* parameter : parameters) {
    const InitialiserRule* fitting = nullptr;
    for (const InitialiserRule& rule : node.initialise) {
      if (rule.parameters == kind_name(parameter->kind)) {
        fitting = &rule;
        break;
      }
    }
    if (fitting != nullptr) {
      apply_rule(*fitting, parameter->tensor, generator, node.path);
    } else if (node.layer == "PReLU") {
      parameter->tensor.fill_(node.options.at("init").get<double>());
    } else {
      initialise_default(*parameter, fan_in, generator, normalisation);
    }
  }
}

template <typename Visit>
void visit_layers(const PlanNode& node, const Visit& visit) {
  if (node.type == "Layer") {
    visit(node);
    return;
  }
  for (const PlanNode& child : node.children) visit_layers(child, visit);
  for (const auto* part : {&node.body, &node.shortcut, &node.after}) {
    if (*part) visit_layers(**part, visit);
  }
}

}  // namespace

void initialise_parameters(const PlanNode& root, ParameterStore& store, torch::Generator& generator) {
  const torch::NoGradGuard no_grad;
  // Layers and the store have the same order: a layer's parameters follow one another.
  std::size_t next = 0;
  visit_layers(root, [&](const PlanNode& node) {
    const std::string prefix = prefix_of(node);
    std::vector<Parameter*> own;
    while (next < store.parameters.size()) {
      const std::string& name = store.parameters[next].name;
      if (name.rfind(prefix, 0) != 0 || name.find('.', prefix.size()) != std::string::npos) break;
      own.push_back(&store.parameters[next++]);
    }
    initialise_layer(node, own, generator);
  });
}

}  // namespace torchwright
