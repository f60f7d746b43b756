#include "engine/training/adversarial_step.h"

#include <algorithm>
#include <cmath>

#include "engine/runtime/step_profile.h"

namespace torchwright {
namespace {

using torch::Tensor;

bool is_finite(const Tensor& loss) { return !loss.is_cpu() || std::isfinite(loss.item<double>()); }

/// Where nothing of the network is trained any more, there is nothing to differentiate by.
void differentiate(const Tensor& loss) {
  const TimedPart timed(StepPart::loss, /*is_backward=*/true);
  if (loss.requires_grad()) loss.backward();
}

/// No optimizer of two networks evaluates its loss again.
const Objective& no_objective() {
  static const Objective objective{0, {}};
  return objective;
}

}  // namespace

AdversarialStep::AdversarialStep(TrainingContext& context, Adversary& adversary)
    : context_(context),
      adversary_(adversary),
      optimizer_(make_optimizer(context.plan.optimizer, context.store())),
      discriminator_optimizer_(make_optimizer(context.plan.adversarial->optimizer, adversary.store())) {}

std::int64_t AdversarialStep::batches() const {
  const std::int64_t batch_size = context_.plan.batch_size;
  return (context_.data->train().positions() + batch_size - 1) / batch_size;
}

std::int64_t AdversarialStep::batches_per_epoch() const {
  return context_.plan.adversarial->iterations.value_or(batches());
}

bool AdversarialStep::compute_gradients(Epoch& epoch, const StepRates& rates) {
  const BatchSource& source = context_.data->train();
  const std::int64_t batch_size = context_.plan.batch_size;
  const std::int64_t first = epoch.batch % batches() * batch_size;
  const Batch batch = source.training_batch(epoch.order, first, std::min(first + batch_size, source.positions()));
  AdversarialLosses losses;
  optimizer_->choose_trained(rates.network);
  discriminator_optimizer_->choose_trained(rates.discriminator);
  if (!compute_losses(batch, rates.discriminator, losses)) return false;
  ++epoch.batch;
  return epoch.meter.add({losses.discriminator, {}, {}, losses.generator, batch.images.size(0)});
}

bool AdversarialStep::compute_losses(const Batch& real, const LearningRates& discriminator_rates,
                                     AdversarialLosses& losses) {
  torch::Generator& generator = context_.generator;
  const std::int64_t samples = real.images.size(0);
  const auto verdict = [&](const Tensor& images, const Tensor& classes) {
    return adversary_.verdict(images, classes, generator, /*training=*/true);
  };

  forget_gradients(*discriminator_optimizer_);
  const AdversarialSettings& settings = *context_.plan.adversarial;
  const Tensor target =
      torch::empty({samples}).uniform_(settings.least_target, settings.most_target, generator).to(context_.device);
  const Tensor real_loss = adversary_.loss(verdict(real.images, real.labels), target);
  differentiate(real_loss);

  const Tensor noise = adversary_.noise(samples, generator);
  const Tensor classes = adversary_.classes(samples, generator);
  const Tensor made = adversary_.make_images(noise, classes, generator, /*training=*/true);
  const Tensor made_loss = adversary_.loss(verdict(made.detach(), classes), torch::zeros_like(target));
  differentiate(made_loss);
  losses.discriminator = (real_loss + made_loss).detach();
  if (!is_finite(losses.discriminator)) return false;
  {
    const TimedPart timed(StepPart::optimizer);
    discriminator_optimizer_->step(discriminator_rates, no_objective());
  }

  forget_gradients(*optimizer_);
  require_discriminator_gradients(false);
  const Tensor generator_loss = adversary_.loss(verdict(made, classes), torch::ones_like(target));
  differentiate(generator_loss);
  require_discriminator_gradients(true);
  losses.generator = generator_loss.detach();
  return is_finite(losses.generator);
}

/// While the generator learns, the discriminator's weights need no gradients.
void AdversarialStep::require_discriminator_gradients(bool required) {
  for (const Tensor& parameter : discriminator_optimizer_->parameters()) parameter.requires_grad_(required);
}

void AdversarialStep::update(const StepRates& rates) {
  const TimedPart timed(StepPart::optimizer);
  optimizer_->step(rates.network, no_objective());
}

NamedTensors AdversarialStep::state() const {
  NamedTensors state;
  add_part(state, "optimizer.", optimizer_->state());
  add_part(state, "discriminator.", discriminator_optimizer_->state());
  return state;
}

void AdversarialStep::load_state(const std::map<std::string, Tensor>& state) {
  optimizer_->load_state(part_of(state, "optimizer."));
  discriminator_optimizer_->load_state(part_of(state, "discriminator."));
}

std::vector<std::pair<std::string, ParameterStore*>> AdversarialStep::other_networks() {
  return {{"discriminator.safetensors", &adversary_.store()}};
}

}  // namespace torchwright
