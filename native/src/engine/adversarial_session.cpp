// What a session does where it trains a generator against a discriminator. See Session in session.h.

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>

#include "failure.h"
#include "session.h"

namespace torchwright {

using torch::Tensor;

/// One iteration of both networks. An epoch of more iterations than there are batches begins again with the first.
bool Session::take_adversarial_step(double learning_rate, double discriminator_rate) {
  const std::int64_t batches = (train_->positions() + plan_.batch_size - 1) / plan_.batch_size;
  const std::int64_t first = batch_ % batches * plan_.batch_size;
  const Batch batch = train_->training_batch(order_, first, std::min(first + plan_.batch_size, train_->positions()));
  AdversarialLosses losses;
  const bool can_go_on =
      adversary_->step(*network_, *optimizer_, batch, learning_rate, discriminator_rate, generator_, losses);
  if (!can_go_on) return false;
  ++batch_;
  if (!meter_.add_adversarial(losses.discriminator, losses.generator, batch.images.size(0))) return false;
  ++step_;
  return true;
}

Adversary& Session::adversary() {
  if (!adversary_)
    throw EngineFailure("badUsage", "Only a project of two networks, recipe.kind adversarial, makes images.");
  return *adversary_;
}

Tensor Session::draw_noise(std::int64_t samples, std::uint64_t seed) {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  return adversary().draw_noise(samples, generator).cpu();
}

Tensor Session::generate(const Tensor& noise, const Tensor& classes) {
  const Tensor chosen = classes.defined() ? classes.to(device_) : classes;
  if (adversary().is_conditional() != classes.defined())
    throw EngineFailure("badUsage",
                        "The class of each image is given where recipe.conditional is true, and only there.");
  std::vector<std::int64_t> shape = plan_.adversarial->noise;
  shape.insert(shape.begin(), -1);
  return adversary()
      .generate(*network_, noise.reshape(shape).to(device_), chosen)
      .to(torch::kFloat32)
      .cpu()
      .contiguous();
}

void Session::refuse_two_networks(const std::string& what) const {
  if (adversary_) throw EngineFailure("badUsage", "A generator makes images: nothing of it " + what + ".");
}

/// Of both networks on images of the split and as many made ones, the same every time.
EvaluateOutcome Session::evaluate_adversary(SplitName split) {
  const BatchSource& from = source(split);
  const std::int64_t samples = from.split().samples();
  Meter meter((samples + plan_.evaluate_batch_size - 1) / plan_.evaluate_batch_size, device_, figures());
  at::Generator generator = at::detail::createCPUGenerator(0);
  bool finished = true;
  for (std::int64_t first = 0; finished && first < samples; first += plan_.evaluate_batch_size) {
    const Batch batch = from.plain_batch(first, std::min(first + plan_.evaluate_batch_size, samples));
    const AdversarialLosses losses = adversary_->judge(*network_, batch, generator);
    meter.add_adversarial(losses.discriminator, losses.generator, batch.images.size(0));
    finished = !interrupted_.exchange(false);
  }
  meter.fetch(/*wait=*/true);
  EvaluateOutcome outcome;
  outcome.loss = meter.loss();
  outcome.samples = meter.samples();
  outcome.interrupted = !finished;
  outcome.generator_loss = meter.generator_loss();
  return outcome;
}

}  // namespace torchwright
