#include "engine/evaluation/predictor.h"

#include <algorithm>
#include <cstdlib>

#include "engine/runtime/failure.h"
#include "engine/runtime/slowdown.h"

namespace torchwright {
namespace {

using torch::Tensor;

EngineFailure interruption() { return EngineFailure("internal", "The prediction was interrupted."); }

}  // namespace

Predictor::Predictor(TrainingContext& context, const Loss& loss) : context_(context), loss_(loss) {}

bool Predictor::for_each_batch(SplitName split, WeightsName weights, const Visit& visit) {
  const torch::NoGradGuard no_grad;
  const ChosenWeights chosen(context_, weights);
  if (!chosen.are_ready()) return false;
  const BatchSource& source = context_.data->source(split);
  const std::int64_t samples = source.split().samples();
  const std::int64_t batch_size = context_.plan.evaluate_batch_size;
  context_.store().forget_carried(/*training=*/false);
  for (std::int64_t first = 0; first < samples; first += batch_size) {
    if (context_.interrupted) return false;
    const Slowdown slowdown;
    const Batch batch = source.plain_batch(first, std::min(first + batch_size, samples));
    visit(batch, context_.forward(batch.images, /*training=*/false), first);
  }
  return true;
}

Predictions Predictor::predict(SplitName split, WeightsName weights) {
  const Split& samples = context_.data->source(split).split();
  Predictions predictions;
  double loss_sum = 0;
  const bool finished =
      for_each_batch(split, weights, [&](const Batch& batch, const Tensor& output, std::int64_t first) {
        const Tensor probabilities = loss_.probabilities(output).to(torch::kCPU, torch::kFloat32);
        if (!predictions.probabilities.defined())
          predictions.probabilities = torch::empty({samples.samples(), probabilities.size(1)}, torch::kFloat32);
        predictions.probabilities.slice(0, first, first + probabilities.size(0)).copy_(probabilities);
        const Tensor loss = loss_.reported(loss_(output, batch.labels), batch.labels);
        loss_sum += loss.item<double>() * static_cast<double>(probabilities.size(0));
      });
  if (!finished) {
    context_.interrupted = false;
    throw interruption();
  }
  predictions.labels = samples.labels.cpu();
  predictions.loss = loss_sum / static_cast<double>(samples.samples());
  return predictions;
}

Tensor Predictor::predict_views(SplitName name, const std::vector<TestView>& views, WeightsName weights) {
  const DataSplits& data = *context_.data;
  const Split& split = data.source(name).split();
  const std::int64_t samples = split.samples();
  const std::int64_t batch_size = context_.plan.evaluate_batch_size;
  Augmentation shift;
  shift.crop_mode = context_.plan.data.augment.crop_mode;
  for (const TestView& view : views)
    shift.crop_padding = std::max({shift.crop_padding, std::abs(view.shift_y), std::abs(view.shift_x)});
  const BatchSource shifted(split, data.scale(), data.offset(), shift, context_.network->has_convolution(),
                            context_.device);

  const torch::NoGradGuard no_grad;
  const ChosenWeights chosen(context_, weights);
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
    const EpochOrder order = choices.to(context_.device);
    context_.store().forget_carried(/*training=*/false);
    for (std::int64_t first = 0; first < samples; first += batch_size) {
      if (context_.interrupted.exchange(false) || !chosen.are_ready()) throw interruption();
      const std::int64_t last = std::min(first + batch_size, samples);
      const Batch batch = shifted.training_batch(order, first, last);
      const Tensor probabilities = loss_.probabilities(context_.forward(batch.images, /*training=*/false)).cpu();
      if (!sum.defined()) sum = torch::zeros({samples, probabilities.size(1)}, torch::kFloat32);
      sum.slice(0, first, last).add_(probabilities);
    }
  }
  return sum.div_(static_cast<double>(views.size()));
}

}  // namespace torchwright
