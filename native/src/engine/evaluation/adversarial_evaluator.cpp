#include "engine/evaluation/adversarial_evaluator.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>

namespace torchwright {

AdversarialEvaluator::AdversarialEvaluator(TrainingContext& context, Adversary& adversary)
    : context_(context), adversary_(adversary) {}

EvaluateOutcome AdversarialEvaluator::evaluate(SplitName split, WeightsName) {
  const BatchSource& source = context_.data->source(split);
  const std::int64_t samples = source.split().samples();
  const std::int64_t batch_size = context_.plan.evaluate_batch_size;
  Meter meter((samples + batch_size - 1) / batch_size, context_.device, Task::adversarial);
  at::Generator generator = at::detail::createCPUGenerator(0);
  bool finished = true;
  for (std::int64_t first = 0; finished && first < samples; first += batch_size) {
    const Batch batch = source.plain_batch(first, std::min(first + batch_size, samples));
    const AdversarialLosses losses = adversary_.evaluate(batch, generator);
    meter.add({losses.discriminator, {}, {}, losses.generator, batch.images.size(0)});
    finished = !context_.interrupted.exchange(false);
  }
  meter.fetch(/*wait=*/true);
  EvaluateOutcome outcome;
  outcome.loss = meter.loss();
  outcome.figures = meter.values();
  outcome.samples = meter.samples();
  outcome.interrupted = !finished;
  return outcome;
}

Divergence AdversarialEvaluator::find_divergence(SplitName, WeightsName) {
  const torch::NoGradGuard no_grad;
  Divergence found;
  found.parameters = not_finite(context_.store().parameters);
  for (const std::string& name : not_finite(adversary_.store().parameters)) found.parameters.push_back(name);
  return found;
}

}  // namespace torchwright
