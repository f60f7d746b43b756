// Finding a learning rate by training with ever higher ones. See Session::find_rate in session.h.

#include <algorithm>
#include <chrono>
#include <limits>
#include <numeric>

#include "session.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kReportEvery(100);

/// The exponential mean, corrected for its beginning at zero: Adam's correction (Kingma and Ba 2015, section 3), as
/// fastai's lr_find and AvgSmoothLoss use it.
class SmoothedLoss {
 public:
  explicit SmoothedLoss(double share) : share_(share) {}

  double add(double loss) {
    mean_ = share_ * mean_ + (1 - share_) * loss;
    weight_ = share_ * weight_ + (1 - share_);
    return mean_ / weight_;
  }

 private:
  double share_;
  double mean_ = 0;
  double weight_ = 0;
};

std::map<std::string, Tensor> copy_of(const NamedTensors& tensors) {
  std::map<std::string, Tensor> copies;
  for (const auto& [name, tensor] : tensors) copies[name] = tensor.detach().clone();
  return copies;
}

}  // namespace

RateFinding Session::find_rate(const FindRateRequest& request, const std::function<void(const RateFinding&)>& report) {
  refuse_two_networks("has one rate to find");
  const auto weights = copy_of(weights_of(network_->store()));
  const auto state = copy_of(training_state());
  // Also after a failure, which belongs to the rate and not to the session.
  const auto restore = [&] {
    zero_gradients();
    put_weights(network_->store(), weights, "the copy made before");
    restore_training_state(state, "the copy made before");
  };
  try {
    const RateFinding finding = sweep_rates(request, report);
    restore();
    return finding;
  } catch (...) {
    restore();
    throw;
  }
}

RateFinding Session::sweep_rates(const FindRateRequest& request,
                                 const std::function<void(const RateFinding&)>& report) {
  RateFinding finding;
  finding.state = "finished";
  SmoothedLoss smoothed(request.smoothing);
  double least = std::numeric_limits<double>::infinity();
  Clock::time_point last_report = Clock::now();
  order_ = {};
  for (const double rate : request.learning_rates) {
    if (interrupted_.exchange(false)) {
      finding.state = "interrupted";
      break;
    }
    if (!order_.order.defined() || batch_ >= batches_per_epoch()) begin_epoch();
    const auto before = static_cast<std::ptrdiff_t>(meter_.batch_losses().size());
    const bool is_finite = compute_gradients();
    meter_.fetch(/*wait=*/true);
    if (!is_finite || meter_.diverged_at()) {
      finding.state = "diverged";
      break;
    }
    const std::vector<float> losses = meter_.batch_losses();
    const double sum = std::accumulate(losses.begin() + before, losses.end(), 0.0);
    const double loss = sum / static_cast<double>(losses.size() - static_cast<std::size_t>(before));
    // Of before the step, at its rate, as fastai pairs them.
    finding.losses.push_back(loss);
    finding.smoothed.push_back(smoothed.add(loss));
    take_step(rate);
    least = std::min(least, finding.smoothed.back());
    if (finding.smoothed.back() > request.cut_off * least) {
      finding.state = "cutOff";
      break;
    }
    if (report && Clock::now() - last_report >= kReportEvery) {
      report(finding);
      last_report = Clock::now();
    }
  }
  return finding;
}

}  // namespace torchwright
