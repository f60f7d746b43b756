#include "engine/training/rate_finder.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "engine/network/weights.h"
#include "engine/runtime/stopwatch.h"

namespace torchwright {
namespace {

using torch::Tensor;

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

RateFinder::RateFinder(TrainingContext& context, Trainer& trainer, SupervisedStep& step)
    : context_(context), trainer_(trainer), step_(step) {}

RateFinding RateFinder::find(const FindRateRequest& request, const Report<RateFinding>& report) {
  const auto weights = copy_of(weights_of(context_.store()));
  const auto state = copy_of(trainer_.state());
  // Also after a failure, which belongs to the rate and not to the session.
  const auto restore = [&] {
    step_.forget_gradients();
    put_weights(context_.store(), weights, "the copy made before");
    trainer_.load_state(state, "the copy made before");
  };
  try {
    const RateFinding finding = sweep(request, report);
    restore();
    return finding;
  } catch (...) {
    restore();
    throw;
  }
}

RateFinding RateFinder::sweep(const FindRateRequest& request, const Report<RateFinding>& report) {
  RateFinding finding;
  finding.state = "finished";
  SmoothedLoss smoothed(request.smoothing);
  double least = std::numeric_limits<double>::infinity();
  Stopwatch since_report;
  std::optional<Epoch> epoch;
  for (const double rate : request.learning_rates) {
    if (context_.interrupted.exchange(false)) {
      finding.state = "interrupted";
      break;
    }
    if (!epoch || epoch->batch >= step_.batches_per_epoch()) epoch = trainer_.begin_epoch();
    StepRates rates{{rate}, {rate}};
    for (const std::size_t group : request.untrained_groups) rates.network.of_groups[group] = std::nullopt;
    const auto before = static_cast<std::ptrdiff_t>(epoch->meter.batches("loss").size());
    const bool is_finite = step_.compute_gradients(*epoch, rates);
    epoch->meter.fetch(/*wait=*/true);
    if (!is_finite || epoch->meter.diverged_at()) {
      finding.state = "diverged";
      break;
    }
    const std::vector<float> losses = epoch->meter.batches("loss");
    const double sum = std::accumulate(losses.begin() + before, losses.end(), 0.0);
    const double loss = sum / static_cast<double>(losses.size() - static_cast<std::size_t>(before));
    // Of before the step, at its rate, as fastai pairs them.
    finding.losses.push_back(loss);
    finding.smoothed.push_back(smoothed.add(loss));
    step_.update(rates);
    least = std::min(least, finding.smoothed.back());
    if (finding.smoothed.back() > request.cut_off * least) {
      finding.state = "cutOff";
      break;
    }
    if (report && since_report.seconds() >= kSecondsBetweenReports) {
      report(finding);
      since_report.restart();
    }
  }
  return finding;
}

}  // namespace torchwright
