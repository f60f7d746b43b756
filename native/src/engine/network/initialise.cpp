#include "engine/network/initialise.h"

#include <cmath>

#include "engine/network/initialisers.h"

namespace torchwright {
namespace {

using torch::Tensor;

void fill_uniform(Tensor& tensor, double bound, torch::Generator& generator) {
  tensor.uniform_(-bound, bound, generator);
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

/// As torch.nn.MultiheadAttention does, whichever layer it is a part of; false for a parameter of another kind. Of a
/// Transformer all matrices are filled so.
bool initialise_attention(const PlanNode& node, Parameter& parameter, torch::Generator& generator) {
  const std::string name = parameter.name.substr(parameter.name.rfind('.') + 1);
  const auto ends_in = [&](const std::string& end) {
    return parameter.name.size() >= end.size() &&
           parameter.name.compare(parameter.name.size() - end.size(), end.size(), end) == 0;
  };
  const Fans fans = fans_of(parameter.tensor);
  if (name == "in_proj_bias" || (ends_in("out_proj.bias") && node.layer != "SelfAttention")) {
    parameter.tensor.zero_();
  } else if (name == "bias_k" || name == "bias_v") {
    parameter.tensor.normal_(0, std::sqrt(2 / (fans.in + fans.out)), generator);
  } else if (ends_in("_proj_weight") || (node.layer == "Transformer" && parameter.tensor.dim() > 1)) {
    fill_uniform(parameter.tensor, std::sqrt(6 / (fans.in + fans.out)), generator);
  } else {
    return false;
  }
  return true;
}

/// Tables as torch.nn.Embedding fills them, N(0, 1) and zeros where is only filled up; rows for places begin with
/// zeros.
void initialise_embedding(const PlanNode& node, Parameter& parameter, torch::Generator& generator) {
  if (parameter.tensor.dim() == 3) {
    parameter.tensor.zero_();
    return;
  }
  parameter.tensor.normal_(0, 1, generator);
  const Json padding = node.options.value("padding_idx", Json());
  if (!padding.is_null()) parameter.tensor.select(0, padding.get<std::int64_t>()).zero_();
}

const char* kind_name(ParameterKind kind) {
  return kind == ParameterKind::weight ? "weight" : kind == ParameterKind::bias ? "bias" : "norm";
}

std::string prefix_of(const PlanNode& node) { return node.key.empty() ? "" : node.key + "."; }

/// `parameters`: those of the layer, or of one of the layers that it is made of.
void initialise_layer(const PlanNode& node, std::vector<Parameter*> parameters, torch::Generator& generator) {
  bool normalisation = false;
  double fan_in = 1;
  for (const Parameter* parameter : parameters) {
    normalisation = normalisation || parameter->kind == ParameterKind::norm;
    if (parameter->kind == ParameterKind::weight) fan_in = fans_of(parameter->tensor).in;
    if (node.layer == "Bilinear") fan_in = node.options.at("in1_features");  // all that PyTorch counts
  }
  for (Parameter* parameter : parameters) {
    const InitialiserRule* fitting = nullptr;
    for (const InitialiserRule& rule : node.initialise) {
      if (rule.parameters == kind_name(parameter->kind) && !takes_samples(rule)) {
        fitting = &rule;
        break;
      }
    }
    if (fitting != nullptr) {
      apply_initialiser(*fitting, parameter->tensor, generator, node.path);
    } else if (node.layer == "PReLU") {
      parameter->tensor.fill_(node.options.at("init").get<double>());
    } else if (node.layer == "GRN") {
      parameter->tensor.zero_();  // its input alone goes on at first
    } else if (node.layer == "RNN" || node.layer == "GRU" || node.layer == "LSTM") {
      fill_uniform(parameter->tensor, 1 / std::sqrt(node.options.at("hidden_size").get<double>()), generator);
    } else if (node.layer.rfind("Embed", 0) == 0) {
      initialise_embedding(node, *parameter, generator);
    } else if (!initialise_attention(node, *parameter, generator)) {
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
  for (const auto* part : {&node.before, &node.body, &node.shortcut, &node.after}) {
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
    std::string part;
    for (; next < store.parameters.size(); ++next) {
      const std::string& name = store.parameters[next].name;
      if (name.rfind(prefix, 0) != 0) break;
      const std::string part_of_this = name.substr(0, name.rfind('.') + 1);
      if (part_of_this != part) initialise_layer(node, own, generator);
      if (part_of_this != part) own.clear();
      part = part_of_this;
      own.push_back(&store.parameters[next]);
    }
    initialise_layer(node, own, generator);
  });
}

void initialise_from_samples(const PlanNode& root, ParameterStore& store, const TrainingSamples& training) {
  const torch::NoGradGuard no_grad;
  visit_layers(root, [&](const PlanNode& node) {
    for (const InitialiserRule& rule : node.initialise) {
      if (!takes_samples(rule)) continue;
      for (Parameter& parameter : store.parameters) {
        const bool is_own = parameter.name.rfind(prefix_of(node), 0) == 0;
        if (is_own && rule.parameters == kind_name(parameter.kind))
          apply_to_samples(rule, parameter.tensor, training, node);
      }
    }
  });
}

}  // namespace torchwright
