#include "engine/losses/loss_function.h"

#include "engine/runtime/failure.h"

namespace torchwright {

using torch::Tensor;

namespace {

struct Kind {
  std::size_t inputs;
  std::size_t targets;
  std::function<Tensor(const Tensors& x, const Tensors& y)> compute;
};

std::int64_t reduction_of(const std::string& name) {
  if (name == "mean") return at::Reduction::Mean;
  if (name == "sum" || name == "batchmean") return at::Reduction::Sum;
  if (name == "none") return at::Reduction::None;
  throw EngineFailure("badProject", "There is no reduction called '" + name + "'.", "recipe.loss.reduction");
}

Tensor reduced(const Tensor& values, std::int64_t reduction) {
  if (reduction == at::Reduction::Mean) return values.mean();
  return reduction == at::Reduction::Sum ? values.sum() : values;
}

/// One number a class; nothing where the plan has no such list.
Tensor numbers(const Json& options, const char* name, const torch::Device& device) {
  const auto found = options.find(name);
  if (found == options.end()) return {};
  return torch::tensor(found->get<std::vector<double>>(), torch::kFloat32).to(device);
}

/// Losses whose target has the shape of their input.
Kind elementwise(std::function<Tensor(const Tensor&, const Tensor&)> compute) {
  return {1, 1, [compute = std::move(compute)](const Tensors& x, const Tensors& y) { return compute(x[0], y[0]); }};
}

Kind pair(std::function<Tensor(const Tensor&, const Tensor&)> compute) {
  return {2, 0, [compute = std::move(compute)](const Tensors& x, const Tensors&) { return compute(x[0], x[1]); }};
}

/// Over numbers or one-hot rows.
std::optional<Kind> numeric(const std::string& type, const Json& options, std::int64_t reduction,
                            const torch::Device& device) {
  const Tensor weights = numbers(options, "classWeights", device);
  if (type == "MSE") return elementwise([=](auto& x, auto& y) { return at::mse_loss(x, y, reduction); });
  if (type == "L1") return elementwise([=](auto& x, auto& y) { return at::l1_loss(x, y, reduction); });
  if (type == "SmoothL1") {
    const double beta = options.at("beta");
    return elementwise([=](auto& x, auto& y) { return at::smooth_l1_loss(x, y, reduction, beta); });
  }
  if (type == "Huber") {
    const double delta = options.at("delta");
    return elementwise([=](auto& x, auto& y) { return at::huber_loss(x, y, reduction, delta); });
  }
  if (type == "BCE")
    return elementwise([=](auto& x, auto& y) { return at::binary_cross_entropy(x, y, weights, reduction); });
  if (type == "BCEWithLogits") {
    const Tensor positive = numbers(options, "positiveWeights", device);
    return elementwise(
        [=](auto& x, auto& y) { return at::binary_cross_entropy_with_logits(x, y, weights, positive, reduction); });
  }
  if (type == "KLDiv") {
    const bool is_log = options.at("logTarget");
    const bool by_batch = options.at("reduction") == "batchmean";
    return elementwise([=](auto& x, auto& y) {
      const Tensor loss = at::kl_div(x, y, reduction, is_log);
      return by_batch ? loss / x.size(0) : loss;
    });
  }
  if (type == "PoissonNLL") {
    const bool is_log = options.at("logInput");
    const bool is_full = options.at("full");
    const double eps = options.at("eps");
    return elementwise([=](auto& x, auto& y) { return at::poisson_nll_loss(x, y, is_log, is_full, eps, reduction); });
  }
  if (type == "MultiLabelSoftMargin") {
    return elementwise([=](auto& x, auto& y) {
      Tensor loss = -(y * at::log_sigmoid(x) + (1 - y) * at::log_sigmoid(-x));
      if (weights.defined()) loss = loss * weights;
      return reduced(loss.mean(-1), reduction);
    });
  }
  return std::nullopt;
}

/// Over classes, and over signs.
std::optional<Kind> classifying(const std::string& type, const Json& options, std::int64_t reduction,
                                const torch::Device& device) {
  const Tensor weights = numbers(options, "classWeights", device);
  if (type == "CrossEntropy") {
    const std::int64_t ignored = options.at("ignoreIndex");
    const double smoothing = options.at("labelSmoothing");
    return elementwise(
        [=](auto& x, auto& y) { return at::cross_entropy_loss(x, y, weights, reduction, ignored, smoothing); });
  }
  if (type == "NLL") {
    const std::int64_t ignored = options.at("ignoreIndex");
    return elementwise([=](auto& x, auto& y) { return at::nll_loss_nd(x, y, weights, reduction, ignored); });
  }
  if (type == "MultiMargin") {
    const std::int64_t power = options.at("p");
    const double margin = options.at("margin");
    return elementwise(
        [=](auto& x, auto& y) { return at::multi_margin_loss(x, y, power, margin, weights, reduction); });
  }
  if (type == "MultiLabelMargin")
    return elementwise([=](auto& x, auto& y) { return at::multilabel_margin_loss(x, y, reduction); });
  if (type == "SoftMargin") return elementwise([=](auto& x, auto& y) { return at::soft_margin_loss(x, y, reduction); });
  if (type == "HingeEmbedding") {
    const double margin = options.at("margin");
    return elementwise([=](auto& x, auto& y) { return at::hinge_embedding_loss(x, y, margin, reduction); });
  }
  return std::nullopt;
}

/// Over pairs, triplets and sequences.
std::optional<Kind> comparing(const std::string& type, const Json& options, std::int64_t reduction) {
  if (type == "PairwiseDistance") {
    const double power = options.at("p");
    const double eps = options.at("eps");
    return pair([=](auto& a, auto& b) { return reduced(at::pairwise_distance(a, b, power, eps), reduction); });
  }
  if (type == "CosineSimilarity") {
    const std::int64_t dim = options.at("dim");
    const double eps = options.at("eps");
    return pair([=](auto& a, auto& b) { return reduced(at::cosine_similarity(a, b, dim, eps), reduction); });
  }
  if (type == "CosineEmbedding") {
    const double margin = options.at("margin");
    return Kind{2, 1, [=](const Tensors& x, const Tensors& y) {
                  return at::cosine_embedding_loss(x[0], x[1], y[0], margin, reduction);
                }};
  }
  if (type == "MarginRanking") {
    const double margin = options.at("margin");
    return Kind{2, 1, [=](const Tensors& x, const Tensors& y) {
                  return at::margin_ranking_loss(x[0], x[1], y[0], margin, reduction);
                }};
  }
  if (type == "TripletMargin") {
    const double margin = options.at("margin");
    const double power = options.at("p");
    const double eps = options.at("eps");
    const bool swap = options.at("swap");
    return Kind{3, 0, [=](const Tensors& x, const Tensors&) {
                  return at::triplet_margin_loss(x[0], x[1], x[2], margin, power, eps, swap, reduction);
                }};
  }
  if (type == "CTC") {
    const std::int64_t blank = options.at("blank");
    const bool is_infinity_zero = options.at("zeroInfinity");
    return Kind{1, 3, [=](const Tensors& x, const Tensors& y) {
                  return at::ctc_loss(x[0], y[0], y[1], y[2], blank, reduction, is_infinity_zero);
                }};
  }
  return std::nullopt;
}

}  // namespace

LossFunction::LossFunction(const LossSettings& settings, const torch::Device& device) : type_(settings.type) {
  const Json& options = settings.options;
  const std::int64_t reduction = reduction_of(options.at("reduction"));
  std::optional<Kind> kind = numeric(type_, options, reduction, device);
  if (!kind) kind = classifying(type_, options, reduction, device);
  if (!kind) kind = comparing(type_, options, reduction);
  if (!kind) throw EngineFailure("badProject", "The engine knows no loss called '" + type_ + "'.", "recipe.loss.type");
  inputs_ = kind->inputs;
  targets_ = kind->targets;
  compute_ = std::move(kind->compute);
}

Tensor LossFunction::operator()(const Tensors& inputs, const Tensors& targets) const {
  if (inputs.size() != inputs_ || targets.size() != targets_)
    throw EngineFailure("badUsage", "The loss " + type_ + " takes " + std::to_string(inputs_) + " inputs and " +
                                        std::to_string(targets_) + " targets, not " + std::to_string(inputs.size()) +
                                        " and " + std::to_string(targets.size()) + ".");
  return compute_(inputs, targets);
}

}  // namespace torchwright
