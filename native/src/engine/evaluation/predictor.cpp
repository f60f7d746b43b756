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

EngineFailure nothing_counts() {
  return EngineFailure("badProject",
                       "No sample to evaluate counts in the loss: the class of each is ignored or has the weight 0.",
                       "recipe.loss");
}

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
    visit(batch, output_of_views(batch.images), first);
  }
  return true;
}

/// The network's output for images, or its mean over their views: each image and its mirror image; with shifts this is
/// one half, and the other half the same of the image moved by a pixel towards both corners of a diagonal, into a
/// border by reflection. Jordan 2024, arXiv 2404.00498, section 3.5.
Tensor Predictor::output_of_views(const Tensor& images) {
  const std::string& views = context_.plan.evaluate_views;
  if (views == "plain") return context_.forward(images, /*training=*/false);
  const auto mirrored = [this](const Tensor& x) {
    const auto layout = x.suggest_memory_format();
    const Tensor mirror = x.flip({-1}).contiguous(layout);
    return (context_.forward(x.contiguous(layout), /*training=*/false) + context_.forward(mirror, /*training=*/false))
        .div_(2);
  };
  if (views == "mirrored") return mirrored(images);
  if (views != "mirroredAndShifted") throw EngineFailure("badProject", "There are no views called '" + views + "'.");
  const Tensor padded = torch::reflection_pad2d(images, {1, 1, 1, 1});
  const auto moved = [&](std::int64_t by) {
    return mirrored(padded.narrow(2, by, images.size(2)).narrow(3, by, images.size(3)));
  };
  return mirrored(images).div_(2) + (moved(0) + moved(2)).div_(4);
}

Predictions Predictor::predict(SplitName split, WeightsName weights) {
  const Split& samples = context_.data->source(split).split();
  Predictions predictions;
  double loss_sum = 0;
  double weight_sum = 0;
  const bool finished =
      for_each_batch(split, weights, [&](const Batch& batch, const Tensor& output, std::int64_t first) {
        const Tensor probabilities = loss_.probabilities(output).to(torch::kCPU, torch::kFloat32);
        if (!predictions.probabilities.defined())
          predictions.probabilities = torch::empty({samples.samples(), probabilities.size(1)}, torch::kFloat32);
        predictions.probabilities.slice(0, first, first + probabilities.size(0)).copy_(probabilities);
        const Tensor loss = loss_.reported(loss_(output, batch.labels), batch.labels);
        const Tensor counted = loss_.weight(batch.labels);
        const double weight = counted.defined() ? counted.item<double>() : static_cast<double>(probabilities.size(0));
        loss_sum += weight > 0 ? loss.item<double>() * weight : loss.item<double>();
        weight_sum += weight;
      });
  if (!finished) {
    context_.interrupted = false;
    throw interruption();
  }
  predictions.labels = samples.labels.cpu();
  if (!(weight_sum > 0)) throw nothing_counts();
  predictions.loss = loss_sum / weight_sum;
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
