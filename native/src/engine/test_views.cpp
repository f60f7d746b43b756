// Predictions from several views of each image. See Session::predict_views in session.h.

#include <algorithm>
#include <cstdlib>

#include "failure.h"
#include "session.h"

namespace torchwright {

using torch::Tensor;

Tensor Session::predict_views(SplitName name, const std::vector<TestView>& views, WeightsName weights) {
  refuse_two_networks("predicts classes");
  const Split& split = source(name).split();
  const std::int64_t samples = split.samples();
  Augmentation shift;
  shift.crop_mode = plan_.data.augment.crop_mode;
  for (const TestView& view : views)
    shift.crop_padding = std::max({shift.crop_padding, std::abs(view.shift_y), std::abs(view.shift_x)});
  const BatchSource shifted(split, scale_, offset_, shift, network_->has_convolution(), device_);

  const torch::NoGradGuard no_grad;
  std::optional<AveragedWeights> averaged;
  const bool goes_on = put_in_place(weights, averaged);
  Tensor sum;
  for (const TestView& view : views) {
    // The choices of augmentation, the same for every image.
    EpochOrder choices;
    choices.order = torch::arange(samples, torch::kInt64);
    choices.flip = torch::full({samples}, view.flipped, torch::kBool);
    if (shift.crop_padding > 0) {
      choices.crop_y = torch::full({samples}, shift.crop_padding + view.shift_y, torch::kInt64);
      choices.crop_x = torch::full({samples}, shift.crop_padding + view.shift_x, torch::kInt64);
    }
    const EpochOrder order = choices.to(device_);
    network_->store().forget_carried(/*training=*/false);
    for (std::int64_t first = 0; first < samples; first += plan_.evaluate_batch_size) {
      if (interrupted_.exchange(false) || !goes_on) throw EngineFailure("internal", "The prediction was interrupted.");
      const std::int64_t last = std::min(first + plan_.evaluate_batch_size, samples);
      const Batch batch = shifted.training_batch(order, first, last);
      const Tensor probabilities = loss_->probabilities(forward(batch.images, /*training=*/false)).cpu();
      if (!sum.defined()) sum = torch::zeros({samples, probabilities.size(1)}, torch::kFloat32);
      sum.slice(0, first, last).add_(probabilities);
    }
  }
  return sum.div_(static_cast<double>(views.size()));
}

}  // namespace torchwright
