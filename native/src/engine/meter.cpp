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

Meter::Meter(std::int64_t batches, const torch::Device& device) : device_(device) {
  if (!device_.is_cpu()) {
    rows_ = torch::zeros({batches, 2}, torch::TensorOptions(torch::kFloat32).device(device_));
    arrived_ = torch::zeros({batches, 2}, torch::TensorOptions(torch::kFloat32).pinned_memory(true));
  }
  losses_.reserve(static_cast<std::size_t>(batches));
}

void Meter::take(double loss, std::int64_t right, std::int64_t samples) {
  if (!std::isfinite(loss) && !diverged_at_) diverged_at_ = static_cast<std::int64_t>(losses_.size());
  losses_.push_back(static_cast<float>(loss));
  loss_sum_ += loss * static_cast<double>(samples);
  right_ += right;
  samples_ += samples;
}

bool Meter::add(const Tensor& loss, const Tensor& output, const Tensor& labels) {
  const torch::NoGradGuard no_grad;
  if (device_.is_cpu()) {
    const double value = loss.item<double>();
    if (!std::isfinite(value)) {
      diverged_at_ = static_cast<std::int64_t>(losses_.size());
      return false;
    }
    take(value, count_right(output, labels), labels.size(0));
    return true;
  }
  const Tensor right = output.argmax(1).eq(labels).sum();
  rows_[added_][0].copy_(loss);
  rows_[added_][1].copy_(right);
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
      take(figures[index][0], std::llround(figures[index][1]), batch_samples_[index]);
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
  Tensor state = torch::empty({static_cast<std::int64_t>(losses_.size()) + 3}, torch::kFloat64);
  double* value = state.data_ptr<double>();
  value[0] = loss_sum_;
  value[1] = static_cast<double>(right_);
  value[2] = static_cast<double>(samples_);
  std::copy(losses_.begin(), losses_.end(), value + 3);
  return state;
}

void Meter::load_state(const Tensor& state) {
  if (state.dim() != 1 || state.size(0) < 3 || state.scalar_type() != torch::kFloat64)
    throw EngineFailure("badData", "The checkpoint's metrics are damaged.");
  const double* value = state.data_ptr<double>();
  loss_sum_ = value[0];
  right_ = std::llround(value[1]);
  samples_ = std::llround(value[2]);
  losses_.assign(value + 3, value + state.size(0));
  added_ = static_cast<std::int64_t>(losses_.size());
  // Batches fetched before the interruption are never read again; only their number matters.
  batch_samples_.assign(losses_.size(), 0);
}

}  // namespace torchwright
