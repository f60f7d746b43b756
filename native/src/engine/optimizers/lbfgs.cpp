#include <algorithm>
#include <cmath>
#include <deque>

#include "engine/optimizers/line_search.h"
#include "engine/optimizers/registered_optimizer.h"
#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// Liu and Nocedal 1989, as torch.optim.LBFGS: the direction is the gradient times an inverse Hessian estimated from
/// the last moves; several evaluations of the same batches make one step. All parameters are one flat vector.
class Lbfgs : public Optimizer {
 public:
  Lbfgs(const OptimizerSettings& settings, const ParameterStore& store)
      : most_iterations_(settings.options.at("max_iter")),
        most_evaluations_(settings.options.at("max_eval")),
        tolerance_grad_(settings.options.at("tolerance_grad")),
        tolerance_change_(settings.options.at("tolerance_change")),
        history_size_(settings.options.at("history_size")),
        searches_line_(settings.options.at("line_search_fn") == "strong_wolfe") {
    for (const ParameterGroup& group : settings.groups) {
      for (const std::string& name : group.parameters) all_parameters_.push_back(find_parameter(store, name));
    }
  }

  bool evaluates_again() const override { return true; }

  void step(const LearningRates& rates, const Objective& objective) override {
    const double learning_rate = rates.rate;
    const torch::NoGradGuard no_grad;
    double loss = objective.loss;
    Tensor gradient = flat_gradient();
    if (largest(gradient) <= tolerance_grad_) return;
    std::int64_t evaluations = 1;
    for (std::int64_t iteration = 1; iteration <= most_iterations_; ++iteration) {
      ++iterations_;
      take_direction(gradient);
      previous_gradient_ = gradient;
      const double previous_loss = loss;
      length_ =
          iterations_ == 1 ? std::min(1.0, 1 / gradient.abs().sum().item<double>()) * learning_rate : learning_rate;
      const double slope = gradient.dot(direction_).item<double>();
      if (slope > -tolerance_change_) return;
      if (searches_line_) {
        const FoundPoint found = search(objective, {0, loss, slope, gradient}, most_evaluations_ - evaluations);
        evaluations += found.evaluations;
        loss = found.point.loss;
        gradient = found.point.gradient;
        length_ = found.point.length;
        move(length_);
      } else {
        move(length_);
        // After the last iteration there is no use for another evaluation.
        if (iteration == most_iterations_) return;
        loss = objective.evaluate();
        gradient = flat_gradient();
        ++evaluations;
      }
      if (evaluations >= most_evaluations_ || largest(gradient) <= tolerance_grad_ ||
          largest(direction_) * length_ <= tolerance_change_ || std::abs(loss - previous_loss) < tolerance_change_)
        return;
    }
  }

  NamedTensors state() const override {
    NamedTensors tensors;
    tensors.emplace_back("iterations", torch::tensor(iterations_, torch::kInt64));
    if (iterations_ == 0) return tensors;
    tensors.emplace_back("direction", direction_);
    tensors.emplace_back("previous_gradient", previous_gradient_);
    tensors.emplace_back("figures", torch::tensor({length_, scale_}, torch::kFloat64));
    for (std::size_t index = 0; index < history_.size(); ++index) {
      const std::string place = std::to_string(index);
      tensors.emplace_back("difference." + place, history_[index].difference);
      tensors.emplace_back("move." + place, history_[index].move);
      tensors.emplace_back("curvature." + place, torch::tensor(history_[index].curvature, torch::kFloat64));
    }
    return tensors;
  }

  void load_state(const std::map<std::string, Tensor>& tensors) override {
    history_.clear();
    iterations_ = take_state(tensors, "iterations").item<std::int64_t>();
    if (iterations_ == 0) return;
    const auto vector = [&](const std::string& name) { return take_vector(tensors, name); };
    direction_ = vector("direction");
    previous_gradient_ = vector("previous_gradient");
    const Tensor figures = take_state(tensors, "figures");
    length_ = figures[0].item<double>();
    scale_ = figures[1].item<double>();
    for (std::size_t index = 0; tensors.count("move." + std::to_string(index)) > 0; ++index) {
      const std::string place = std::to_string(index);
      history_.push_back({vector("difference." + place), vector("move." + place),
                          take_state(tensors, "curvature." + place).item<double>()});
    }
  }

 private:
  struct Move {
    Tensor difference;  // of the gradients
    Tensor move;        // of the weights
    double curvature;   // their product
  };

  static double largest(const Tensor& vector) { return vector.abs().max().item<double>(); }

  std::int64_t elements() const {
    std::int64_t count = 0;
    for (const Tensor& parameter : all_parameters_) count += parameter.numel();
    return count;
  }

  Tensor take_vector(const std::map<std::string, Tensor>& tensors, const std::string& name) const {
    const Tensor saved = take_state(tensors, name);
    if (saved.dim() != 1 || saved.size(0) != elements())
      throw EngineFailure("badData",
                          "The optimizer state " + name + " does not have as many elements as the parameters.");
    return saved.to(all_parameters_[0].device(), torch::kFloat32, /*non_blocking=*/false, /*copy=*/true);
  }

  Tensor flat_gradient() const {
    std::vector<Tensor> parts;
    for (const Tensor& parameter : all_parameters_) {
      const Tensor& gradient = parameter.grad();
      parts.push_back((gradient.defined() ? gradient : torch::zeros_like(parameter)).reshape(-1));
    }
    return torch::cat(parts);
  }

  /// Every parameter goes `length` along the direction.
  void move(double length) {
    std::int64_t offset = 0;
    for (Tensor& parameter : all_parameters_) {
      const std::int64_t count = parameter.numel();
      parameter.add_(direction_.slice(0, offset, offset + count).view(parameter.sizes()), length);
      offset += count;
    }
  }

  /// The next direction, after the last move has been remembered (Nocedal and Wright 2006, algorithm 7.4).
  void take_direction(const Tensor& gradient) {
    if (iterations_ == 1) {
      direction_ = gradient.neg();
      scale_ = 1;
      return;
    }
    Move last{gradient.sub(previous_gradient_), direction_.mul(length_), 0};
    last.curvature = last.difference.dot(last.move).item<double>();
    if (last.curvature > 1e-10) {
      scale_ = last.curvature / last.difference.dot(last.difference).item<double>();
      if (static_cast<std::int64_t>(history_.size()) == history_size_) history_.pop_front();
      history_.push_back(std::move(last));
    }
    direction_ = gradient.neg();
    std::vector<double> parts(history_.size());
    for (std::size_t index = history_.size(); index-- > 0;) {
      const Move& past = history_[index];
      parts[index] = past.move.dot(direction_).item<double>() / past.curvature;
      direction_.add_(past.difference, -parts[index]);
    }
    direction_.mul_(scale_);
    for (std::size_t index = 0; index < history_.size(); ++index) {
      const Move& past = history_[index];
      const double part = past.difference.dot(direction_).item<double>() / past.curvature;
      direction_.add_(past.move, parts[index] - part);
    }
  }

  FoundPoint search(const Objective& objective, const LinePoint& start, std::int64_t most) {
    std::vector<Tensor> here;
    for (const Tensor& parameter : all_parameters_) here.push_back(parameter.clone());
    const auto evaluate = [&](double length) {
      move(length);
      const double loss = objective.evaluate();
      Tensor gradient = flat_gradient();
      for (std::size_t index = 0; index < here.size(); ++index) all_parameters_[index].copy_(here[index]);
      const double slope = gradient.dot(direction_).item<double>();
      return LinePoint{length, loss, slope, std::move(gradient)};
    };
    return search_line({evaluate, largest(direction_), tolerance_change_, most}, start, length_);
  }

  const std::int64_t most_iterations_;
  const std::int64_t most_evaluations_;
  const double tolerance_grad_;
  const double tolerance_change_;
  const std::int64_t history_size_;
  const bool searches_line_;

  std::int64_t iterations_ = 0;  // of all steps
  Tensor direction_;
  Tensor previous_gradient_;
  double length_ = 0;  // of the last move, in directions
  double scale_ = 1;   // of the first estimate of the inverse Hessian
  std::deque<Move> history_;
};

const RegisteredOptimizer kLbfgs = registered_as<Lbfgs>({"LBFGS"});

}  // namespace
}  // namespace torchwright
