#include "engine/losses/loss.h"

#include "engine/runtime/failure.h"

namespace torchwright {

using torch::Tensor;

namespace {

bool weighs_samples(const LossSettings& settings, std::int64_t classes) {
  if (settings.type != "CrossEntropy" && settings.type != "NLL") return false;
  const Json& options = settings.options;
  const std::int64_t ignored = options.at("ignoreIndex");
  return options.at("reduction") == "mean" && (options.contains("classWeights") || (ignored >= 0 && ignored < classes));
}

LossSettings summed(LossSettings settings) {
  settings.options["reduction"] = "sum";
  return settings;
}

Tensor class_weights(const Json& options, std::int64_t classes, const torch::Device& device) {
  const auto found = options.find("classWeights");
  if (found == options.end()) return torch::ones({classes}, device);
  return torch::tensor(found->get<std::vector<double>>(), torch::kFloat32).to(device);
}

}  // namespace

Loss::Loss(const LossSettings& settings, std::int64_t classes, const torch::Device& device)
    : function_(settings, device),
      classes_(classes),
      is_sum_(settings.options.at("reduction") == "sum"),
      is_rate_log_(settings.type == "PoissonNLL" && settings.options.at("logInput").get<bool>()) {
  if (!weighs_samples(settings, classes)) return;
  sum_.emplace(summed(settings), device);
  class_weights_ = torchwright::class_weights(settings.options, classes, device);
  ignored_ = settings.options.at("ignoreIndex");
}

Tensor Loss::operator()(const Tensor& output, const Tensor& labels) const {
  require_fitting(output, labels);
  const Tensor target = target_of(output, labels);
  if (function_.type() == "PairwiseDistance") return function_({output, target}, {});
  if (sum_) {
    // The mean over a batch of which no sample counts would be 0 / 0. It is the sum: 0, or with label smoothing, which
    // weighs the other classes, a number.
    const Tensor counted = weight(labels);
    return (*sum_)({output}, {target}) / torch::where(counted > 0, counted, torch::ones_like(counted));
  }
  return function_({output}, {target});
}

void Loss::require_fitting(const Tensor& output, const Tensor& labels) const {
  if (labels.is_floating_point()) {
    if (output.sizes() != labels.sizes())
      throw EngineFailure(
          "badNetwork",
          "The network gives " + c10::str(output.sizes()) + " for targets of " + c10::str(labels.sizes()) + ".",
          "networks.main");
  } else if (output.dim() != 2 || output.size(1) != classes_) {
    throw EngineFailure("badNetwork",
                        "The network gives " + c10::str(output.sizes()) + ", but the data has " +
                            std::to_string(classes_) + " classes: its output must be [batch, " +
                            std::to_string(classes_) + "].",
                        "networks.main");
  }
}

Tensor Loss::target_of(const Tensor& output, const Tensor& labels) const {
  const std::string& type = function_.type();
  if (labels.is_floating_point()) {
    if (type == "CrossEntropy" || type == "NLL" || type == "MultiMargin" || type == "MultiLabelMargin")
      throw EngineFailure("badProject", "The loss " + type + " needs classes; the data has targets.",
                          "recipe.loss.type");
    return labels;
  }
  if (type == "CrossEntropy" || type == "NLL" || type == "MultiMargin") return labels;
  if (type == "MultiLabelMargin") {
    // The classes that a sample has, then -1.
    Tensor listed = torch::full({labels.size(0), classes_}, -1, labels.options());
    listed.select(1, 0).copy_(labels);
    return listed;
  }
  const Tensor one_hot = torch::one_hot(labels, classes_).to(output.scalar_type());
  return type == "SoftMargin" ? 2 * one_hot - 1 : one_hot;
}

Tensor Loss::reported(const Tensor& loss, const Tensor& labels) const { return is_sum_ ? loss / labels.size(0) : loss; }

Tensor Loss::weight(const Tensor& labels) const {
  if (!sum_) return {};
  return class_weights_.index_select(0, labels).masked_fill(labels == ignored_, 0).sum();
}

Tensor Loss::probabilities(const Tensor& output) const {
  const std::string& type = function_.type();
  // Margins are no probabilities, but the class that wins by a larger one should be the more probable.
  if (type == "CrossEntropy" || type == "MultiMargin" || type == "MultiLabelMargin") return torch::softmax(output, 1);
  if (type == "NLL" || type == "KLDiv") return torch::exp(output);
  if (type == "BCEWithLogits" || type == "MultiLabelSoftMargin" || type == "SoftMargin") return torch::sigmoid(output);
  return is_rate_log_ ? torch::exp(output) : output;
}

}  // namespace torchwright
