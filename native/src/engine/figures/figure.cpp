#include "engine/figures/figure.h"

#include <algorithm>
#include <cmath>

#include "engine/runtime/failure.h"

namespace torchwright {

using torch::Tensor;

Task supervised_task(const Plan& plan) { return plan.data.classes == 0 ? Task::regression : Task::classification; }

MeasuredBatch measured(const Loss& loss, const Tensor& value, const Tensor& output, const Tensor& labels) {
  // Of a regression the errors are those of what it predicts, which PoissonNLL's output is the logarithm of.
  const Tensor predicted = labels.is_floating_point() ? loss.probabilities(output) : output;
  return {loss.reported(value, labels), predicted, labels, {}, labels.size(0), loss.weight(labels)};
}

void EpochFigure::update(double number, std::int64_t samples, double) { sum_ += number * static_cast<double>(samples); }

double EpochFigure::value() const { return sum_ / static_cast<double>(std::max<std::int64_t>(samples_, 1)); }

void EpochFigure::take(double number, std::int64_t samples, double weight) {
  update(number, samples, weight);
  weight_ += weight;
  samples_ += samples;
  ++count_;
  if (keeps_batches()) batches_.push_back(static_cast<float>(number));
}

Tensor EpochFigure::state() const {
  std::vector<double> values = {sum_, static_cast<double>(samples_), static_cast<double>(count_)};
  values.insert(values.end(), batches_.begin(), batches_.end());
  if (weight_ != static_cast<double>(samples_)) values.push_back(weight_);
  return torch::tensor(values, torch::kFloat64);
}

void EpochFigure::load_state(const Tensor& state) {
  if (state.dim() != 1 || state.size(0) < 3 || state.scalar_type() != torch::kFloat64)
    throw EngineFailure("badData", "The checkpoint's metrics are damaged.");
  const double* value = state.data_ptr<double>();
  sum_ = value[0];
  samples_ = std::llround(value[1]);
  count_ = std::llround(value[2]);
  const double* end = value + state.size(0);
  // A state without a weight at its end: every sample counted as one.
  const std::int64_t kept = keeps_batches() ? count_ : 0;
  weight_ = state.size(0) > 3 + kept ? *--end : static_cast<double>(samples_);
  batches_.assign(value + 3, end);
}

}  // namespace torchwright
