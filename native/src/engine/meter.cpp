#include "meter.h"

#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <cmath>

#include "failure.h"

namespace torchwright {

using torch::Tensor;

std::int64_t count_right(const Tensor& output, const Tensor& labels) {
  const Tensor rows = output.detach().to(torch::kFloat32).contiguous();
  const float* row = rows.data_ptr<float>();
  const std::int64_t* label = labels.data_ptr<std::int64_t>();
  const std::int64_t classes = rows.size(1);
  std::int64_t right = 0;
  for (std::int64_t index = 0; index < rows.size(0); ++index, row += classes)
    right += std::max_element(row, row + classes) - row == label[index];
  return right;
}

Meter::Meter(std::int64_t batches, const torch::Device& device, Figures figures) : device_(device), figures_(figures) {
  if (!device_.is_cpu()) {
    rows_ = torch::zeros({batches, 3}, torch::TensorOptions(torch::kFloat32).device(device_));
    arrived_ = torch::zeros({batches, 3}, torch::TensorOptions(torch::kFloat32).pinned_memory(true));
  }
  losses_.reserve(static_cast<std::size_t>(batches));
}

/// `figure`: right answers of a batch, its mean absolute error, or the generator's loss; `square`: mean squared error.
void Meter::take(double loss, double figure, double square, std::int64_t samples) {
  if (!(std::isfinite(loss) && std::isfinite(figure)) && !diverged_at_)
    diverged_at_ = static_cast<std::int64_t>(losses_.size());
  losses_.push_back(static_cast<float>(loss));
  loss_sum_ += loss * static_cast<double>(samples);
  switch (figures_) {
    case Figures::accuracy:
      right_ += std::llround(figure);
      break;
    case Figures::errors:
      absolute_sum_ += figure * static_cast<double>(samples);
      square_sum_ += square * static_cast<double>(samples);
      break;
    case Figures::adversarial:
      generator_losses_.push_back(static_cast<float>(figure));
      break;
  }
  samples_ += samples;
}

std::optional<Errors> Meter::errors() const {
  if (figures_ != Figures::errors) return std::nullopt;
  const double samples = static_cast<double>(std::max<std::int64_t>(samples_, 1));
  return Errors{absolute_sum_ / samples, std::sqrt(square_sum_ / samples)};
}

std::optional<double> Meter::generator_loss() const {
  if (figures_ != Figures::adversarial) return std::nullopt;
  double sum = 0;
  for (const float loss : generator_losses_) sum += loss;
  return sum / static_cast<double>(std::max<std::size_t>(generator_losses_.size(), 1));
}

bool Meter::add_adversarial(const Tensor& discriminator_loss, const Tensor& generator_loss, std::int64_t samples) {
  if (device_.is_cpu()) {
    take(discriminator_loss.item<double>(), generator_loss.item<double>(), 0, samples);
    return !diverged_at_;
  }
  rows_[added_][0].copy_(discriminator_loss);
  rows_[added_][1].copy_(generator_loss);
  batch_samples_.push_back(samples);
  ++added_;
  return true;
}

bool Meter::add(const Tensor& loss, const Tensor& output, const Tensor& labels) {
  const torch::NoGradGuard no_grad;
  if (device_.is_cpu()) {
    const double value = loss.item<double>();
    if (!std::isfinite(value)) {
      diverged_at_ = static_cast<std::int64_t>(losses_.size());
      return false;
    }
    if (figures_ == Figures::errors) {
      const Tensor error = output.detach().to(torch::kFloat32) - labels;
      take(value, error.abs().mean().item<double>(), error.square().mean().item<double>(), labels.size(0));
    } else {
      take(value, static_cast<double>(count_right(output, labels)), 0, labels.size(0));
    }
    return true;
  }
  rows_[added_][0].copy_(loss);
  if (figures_ == Figures::errors) {
    const Tensor error = output.detach().to(torch::kFloat32) - labels;
    rows_[added_][1].copy_(error.abs().mean());
    rows_[added_][2].copy_(error.square().mean());
  } else {
    rows_[added_][1].copy_(output.argmax(1).eq(labels).sum());
  }
  batch_samples_.push_back(labels.size(0));
  ++added_;
  return true;
}

void Meter::add_gradient_norm(const Tensor& norm) {
  if (device_.is_cpu())
    gradient_norm_ = norm.item<double>();
  else
    norm_ = norm;
}

void Meter::fetch(bool wait) {
  if (device_.is_cpu()) return;
  const auto take_rows = [this](const Tensor& rows, std::int64_t end) {
    const auto figures = rows.accessor<float, 2>();
    for (auto index = static_cast<std::int64_t>(losses_.size()); index < end; ++index)
      take(figures[index][0], figures[index][1], figures[index][2], batch_samples_[index]);
  };
  if (wait) {
    take_rows(rows_.cpu(), added_);
    copied_.reset();
    arrived_norm_.reset();
    if (norm_.defined()) gradient_norm_ = norm_.item<double>();
    norm_.reset();
    return;
  }
  if (copied_ && copied_->query()) {
    take_rows(arrived_, copy_end_);
    if (arrived_norm_.defined()) gradient_norm_ = arrived_norm_.item<double>();
    arrived_norm_.reset();
    copied_.reset();
  }
  if (!copied_) {
    const auto from = static_cast<std::int64_t>(losses_.size());
    arrived_.slice(0, from, added_).copy_(rows_.slice(0, from, added_), /*non_blocking=*/true);
    copy_end_ = added_;
    if (norm_.defined()) {
      arrived_norm_ = torch::empty({}, torch::TensorOptions(torch::kFloat32).pinned_memory(true));
      arrived_norm_.copy_(norm_, /*non_blocking=*/true);
      norm_.reset();
    }
    copied_.emplace(device_.type());
    copied_->record(c10::impl::VirtualGuardImpl(device_.type()).getStream(device_));
  }
}

Tensor Meter::state() const {
  const bool has_errors = figures_ == Figures::errors;
  std::vector<double> values = {loss_sum_, has_errors ? absolute_sum_ : static_cast<double>(right_),
                                static_cast<double>(samples_)};
  if (has_errors) values.push_back(square_sum_);
  values.insert(values.end(), losses_.begin(), losses_.end());
  values.insert(values.end(), generator_losses_.begin(), generator_losses_.end());
  return torch::tensor(values, torch::kFloat64);
}

void Meter::load_state(const Tensor& state) {
  const bool has_errors = figures_ == Figures::errors;
  const std::int64_t sums = has_errors ? 4 : 3;
  const std::int64_t lists = figures_ == Figures::adversarial ? 2 : 1;  // of losses, as long as each other
  if (state.dim() != 1 || state.size(0) < sums || (state.size(0) - sums) % lists != 0 ||
      state.scalar_type() != torch::kFloat64)
    throw EngineFailure("badData", "The checkpoint's metrics are damaged.");
  const double* value = state.data_ptr<double>();
  loss_sum_ = value[0];
  samples_ = std::llround(value[2]);
  if (has_errors) {
    absolute_sum_ = value[1];
    square_sum_ = value[3];
  } else {
    right_ = std::llround(value[1]);
  }
  const double* losses_end = value + sums + (state.size(0) - sums) / lists;
  losses_.assign(value + sums, losses_end);
  generator_losses_.assign(losses_end, value + state.size(0));
  added_ = static_cast<std::int64_t>(losses_.size());
  // Batches fetched before the interruption are never read again; only their number matters.
  batch_samples_.assign(losses_.size(), 0);
}

}  // namespace torchwright
