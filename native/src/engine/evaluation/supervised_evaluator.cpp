#include "engine/evaluation/supervised_evaluator.h"

#include <algorithm>

#include "engine/training/precision.h"

namespace torchwright {

using torch::Tensor;

SupervisedEvaluator::SupervisedEvaluator(TrainingContext& context, const Loss& loss, Predictor& predictor,
                                         const Trainer& trainer)
    : context_(context), loss_(loss), predictor_(predictor), trainer_(trainer) {}

EvaluateOutcome SupervisedEvaluator::evaluate(SplitName split, WeightsName weights) {
  const Split& samples = context_.data->source(split).split();
  const std::int64_t batch_size = context_.plan.evaluate_batch_size;
  Meter meter((samples.samples() + batch_size - 1) / batch_size, context_.device, supervised_task(context_.plan));
  double not_finite = 0;
  // They stay on the device until all are there: nothing waits for a batch.
  std::vector<Tensor> probabilities;
  const bool finished =
      predictor_.for_each_batch(split, weights, [&](const Batch& batch, const Tensor& output, std::int64_t) {
        const Tensor loss = loss_(output, batch.labels);
        if (!meter.add(measured(loss_, loss, output, batch.labels))) not_finite = loss.item<double>();
        probabilities.push_back(loss_.probabilities(output));
      });
  meter.fetch(/*wait=*/true);
  if (!finished) context_.interrupted = false;
  if (finished && not_finite == 0 && meter.weight() == 0) throw nothing_counts();
  EvaluateOutcome outcome;
  // A loss that is not finite is the answer then, not a mean over the batches that were.
  outcome.loss = not_finite != 0 ? not_finite : meter.loss();
  outcome.figures = meter.values();
  outcome.samples = meter.samples();
  outcome.interrupted = !finished;
  if (finished)
    outcome.predictions = Predictions{torch::cat(probabilities).to(torch::kCPU, torch::kFloat32).contiguous(),
                                      samples.labels.cpu(), outcome.loss};
  return outcome;
}

Divergence SupervisedEvaluator::find_divergence(SplitName split, WeightsName weights) {
  const torch::NoGradGuard no_grad;
  Divergence found;
  found.parameters = not_finite(context_.store().parameters);
  if (split == SplitName::train) {
    inspect_training(found);
    return found;
  }
  const ChosenWeights chosen(context_, weights);
  if (chosen.are_ready()) inspect_evaluation(split, found);
  return found;
}

/// The batch at which training stopped.
void SupervisedEvaluator::inspect_training(Divergence& found) {
  const Epoch* epoch = trainer_.epoch();
  if (epoch == nullptr) return;
  const BatchSource& source = context_.data->train();
  const std::int64_t batch_size = context_.plan.batch_size;
  const std::int64_t first = epoch->meter.diverged_at().value_or(epoch->batch) * batch_size;
  const std::int64_t last = std::min(first + batch_size, source.positions());
  if (first >= last) return;
  const Tensor order = epoch->order.order.slice(0, first, last).remainder(source.split().samples()).cpu();
  inspect_batch(source.training_batch(epoch->order, first, last), order, /*training=*/true, found);
}

/// Batch after batch until there is something.
void SupervisedEvaluator::inspect_evaluation(SplitName split, Divergence& found) {
  found.parameters = not_finite(context_.store().parameters);
  found.buffers = not_finite(context_.store().buffers);
  context_.store().forget_carried(/*training=*/false);
  const BatchSource& source = context_.data->source(split);
  const std::int64_t samples = source.split().samples();
  const std::int64_t batch_size = context_.plan.evaluate_batch_size;
  for (std::int64_t first = 0; first < samples && !context_.interrupted; first += batch_size) {
    const std::int64_t last = std::min(first + batch_size, samples);
    if (inspect_batch(source.plain_batch(first, last), torch::arange(first, last), /*training=*/false, found)) break;
  }
}

/// Whether there is anything in this batch: adds it to `found`. `order`: the numbers of its samples.
bool SupervisedEvaluator::inspect_batch(const Batch& batch, const Tensor& order, bool training, Divergence& found) {
  for (const std::int64_t row : rows_not_finite(batch.images)) found.samples.push_back(order[row].item<std::int64_t>());
  for (const std::int64_t row : rows_not_finite(batch.labels)) found.targets.push_back(order[row].item<std::int64_t>());
  std::vector<TracedModule> trace;
  try {
    const MixedPrecision mixed(context_.device.type(), context_.precision);
    const Tensor output =
        context_.network->forward_traced(batch.images, context_.generator, training, trace).to(torch::kFloat32);
    found.layer = first_not_finite(trace);
    if (all_finite(output)) found.largest = output.abs().max().item<double>();
    found.loss_is_finite = all_finite(loss_(output, batch.labels));
  } catch (const c10::Error&) {
    // Some losses refuse what is not finite.
    found.loss_is_finite = false;
  }
  return !found.samples.empty() || !found.targets.empty() || found.layer || !found.loss_is_finite;
}

}  // namespace torchwright
