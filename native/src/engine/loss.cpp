#include "loss.h"

#include "failure.h"

namespace torchwright {

using torch::Tensor;

Loss::Loss(const LossSettings& settings, std::int64_t classes, const torch::Device& device)
    : type_(settings.type), classes_(classes), label_smoothing_(settings.label_smoothing) {
  if (type_ != "CrossEntropy" && type_ != "NLL" && type_ != "MSE" && type_ != "BCE" && type_ != "BCEWithLogits")
    throw EngineFailure("badProject", "The engine knows no loss called '" + type_ + "'.", "recipe.loss.type");
  if (!settings.class_weights.empty()) {
    class_weights_ = torch::tensor(settings.class_weights, torch::kFloat32).to(device);
  }
}

Tensor Loss::operator()(const Tensor& output, const Tensor& labels) const {
  if (output.dim() != 2 || output.size(1) != classes_) {
    throw EngineFailure("badNetwork",
                        "The network gives " + c10::str(output.sizes()) + ", but the data has " +
                            std::to_string(classes_) + " classes: its output must be [batch, " +
                            std::to_string(classes_) + "].",
                        "networks.main");
  }
  if (type_ == "CrossEntropy") {
    return at::cross_entropy_loss(output, labels, class_weights_, at::Reduction::Mean, -100, label_smoothing_);
  }
  if (type_ == "NLL") return at::nll_loss(output, labels, class_weights_);
  const Tensor targets = torch::one_hot(labels, classes_).to(output.scalar_type());
  if (type_ == "MSE") return at::mse_loss(output, targets);
  if (type_ == "BCE") return at::binary_cross_entropy(output, targets);
  return at::binary_cross_entropy_with_logits(output, targets);
}

Tensor Loss::probabilities(const Tensor& output) const {
  if (type_ == "CrossEntropy") return torch::softmax(output, 1);
  if (type_ == "NLL") return torch::exp(output);
  if (type_ == "BCEWithLogits") return torch::sigmoid(output);
  return output;
}

}  // namespace torchwright
