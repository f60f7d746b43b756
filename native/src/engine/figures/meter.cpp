#include "engine/figures/meter.h"

#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/runtime/failure.h"
#include "engine/runtime/step_profile.h"

namespace torchwright {

using torch::Tensor;

namespace {

FigureValues values_of(const std::vector<Tensor>& numbers) {
  FigureValues values;
  for (std::size_t index = 0; index < numbers.size(); ++index)
    values.emplace_back(step_figures()[index].name, numbers[index].item<double>());
  return values;
}

}  // namespace

Meter::Meter(std::int64_t batches, const torch::Device& device, Task task)
    : device_(device), task_(task), figures_(figures_of(task)) {
  if (device_.is_cpu()) return;
  const auto columns = static_cast<std::int64_t>(figures_.size()) + 1;  // the last one: the batch's weight
  rows_ = torch::zeros({batches, columns}, torch::TensorOptions(torch::kFloat32).device(device_));
  arrived_ = torch::zeros({batches, columns}, torch::TensorOptions(torch::kFloat32).pinned_memory(true));
}

/// One number a figure.
void Meter::take(const std::vector<double>& numbers, std::int64_t samples, double weight) {
  for (std::size_t index = 0; index < figures_.size(); ++index) {
    EpochFigure& figure = *figures_[index].figure;
    if (figure.shows_divergence() && !std::isfinite(numbers[index]) && !diverged_at_) diverged_at_ = taken_;
    figure.take(numbers[index], samples, weight);
  }
  samples_ += samples;
  weight_ += weight;
  ++taken_;
}

bool Meter::add(const MeasuredBatch& batch) {
  const TimedPart timed(StepPart::figures);
  const torch::NoGradGuard no_grad;
  if (!device_.is_cpu()) {
    for (std::size_t index = 0; index < figures_.size(); ++index)
      rows_[added_][static_cast<std::int64_t>(index)].copy_(figures_[index].figure->measure(batch));
    if (batch.weight.defined())
      rows_[added_][-1].copy_(batch.weight);
    else
      rows_[added_][-1].fill_(batch.samples);
    batch_samples_.push_back(batch.samples);
    ++added_;
    return true;
  }
  if (task_ != Task::adversarial && !std::isfinite(batch.loss.item<double>())) {
    diverged_at_ = taken_;
    return false;
  }
  std::vector<double> numbers;
  for (const NamedFigure& each : figures_) numbers.push_back(each.figure->measure(batch).item<double>());
  take(numbers, batch.samples, batch.weight.defined() ? batch.weight.item<double>() : double(batch.samples));
  return task_ != Task::adversarial || !diverged_at_;
}

void Meter::measure_step(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> measured;
  for (const StepFigure& figure : step_figures()) measured.push_back(figure.measure(parameters, device_));
  step_ = std::move(measured);
  if (!device_.is_cpu()) return;
  step_values_ = values_of(step_);
  step_.clear();
}

void Meter::fetch(bool wait) {
  if (device_.is_cpu()) return;
  const auto take_rows = [this](const Tensor& rows, std::int64_t end) {
    const auto numbers = rows.accessor<float, 2>();
    for (std::int64_t row = taken_; row < end; ++row) {
      const float* first = &numbers[row][0];
      take(std::vector<double>(first, first + figures_.size()), batch_samples_[row], first[figures_.size()]);
    }
  };
  if (wait) {
    take_rows(rows_.cpu(), added_);
    copied_.reset();
    arrived_step_.clear();
    if (!step_.empty()) step_values_ = values_of(step_);
    step_.clear();
    return;
  }
  if (copied_ && copied_->query()) {
    take_rows(arrived_, copy_end_);
    if (!arrived_step_.empty()) step_values_ = values_of(arrived_step_);
    arrived_step_.clear();
    copied_.reset();
  }
  if (!copied_) {
    arrived_.slice(0, taken_, added_).copy_(rows_.slice(0, taken_, added_), /*non_blocking=*/true);
    copy_end_ = added_;
    for (const Tensor& number : step_) {
      arrived_step_.push_back(torch::empty({}, torch::TensorOptions(torch::kFloat32).pinned_memory(true)));
      arrived_step_.back().copy_(number, /*non_blocking=*/true);
    }
    step_.clear();
    copied_.emplace(device_.type());
    copied_->record(c10::impl::VirtualGuardImpl(device_.type()).getStream(device_));
  }
}

double Meter::loss() const { return figures_.front().figure->value(); }

FigureValues Meter::values() const {
  FigureValues values;
  for (const auto& [name, figure] : figures_) values.emplace_back(name, figure->value());
  return values;
}

std::vector<float> Meter::batches(const std::string& name) const {
  for (const NamedFigure& each : figures_) {
    if (each.name == name) return each.figure->batches();
  }
  return {};
}

NamedTensors Meter::state() const {
  NamedTensors state;
  for (const auto& [name, figure] : figures_) state.emplace_back(name, figure->state());
  return state;
}

void Meter::load_state(const std::map<std::string, Tensor>& state) {
  for (const auto& [name, figure] : figures_) {
    const auto found = state.find(name);
    // A figure that is newer than the checkpoint is then of the rest of the epoch.
    if (found != state.end()) figure->load_state(found->second);
  }
  if (state.count(figures_.front().name) == 0) throw EngineFailure("badData", "The checkpoint's metrics are damaged.");
  went_on_from(*figures_.front().figure);
}

/// Batches fetched before the interruption are never read again; only their number matters.
void Meter::went_on_from(const EpochFigure& loss) {
  samples_ = loss.samples_;
  weight_ = loss.weight_;
  taken_ = added_ = loss.count_;
  batch_samples_.assign(static_cast<std::size_t>(taken_), 0);
}

void Meter::load_older_state(const Tensor& state) {
  const std::int64_t sums = task_ == Task::regression ? 4 : 3;
  const std::int64_t lists = task_ == Task::adversarial ? 2 : 1;  // of losses, as long as each other
  if (state.dim() != 1 || state.size(0) < sums || (state.size(0) - sums) % lists != 0 ||
      state.scalar_type() != torch::kFloat64)
    throw EngineFailure("badData", "The checkpoint's metrics are damaged.");
  const double* value = state.data_ptr<double>();
  const std::int64_t count = (state.size(0) - sums) / lists;
  const double* losses = value + sums;
  const auto sum_of = [&](const std::string& name) -> std::optional<double> {
    if (name == "loss") return value[0];
    if (name == "accuracy" || name == "meanAbsolute") return value[1];
    if (name == "rootMeanSquare") return value[3];
    if (name == "generatorLoss") return std::accumulate(losses + count, losses + 2 * count, 0.0);
    return std::nullopt;
  };
  for (const auto& [name, figure] : figures_) {
    const std::optional<double> sum = sum_of(name);
    // A figure that is newer than such checkpoints is then of the rest of the epoch.
    if (!sum) continue;
    const double* numbers = name == "generatorLoss" ? losses + count : losses;
    figure->samples_ = std::llround(value[2]);
    figure->weight_ = value[2];
    figure->count_ = count;
    figure->sum_ = *sum;
    if (figure->keeps_batches()) figure->batches_.assign(numbers, numbers + count);
  }
  went_on_from(*figures_.front().figure);
}

}  // namespace torchwright
