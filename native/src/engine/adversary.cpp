#include "adversary.h"

#include <cmath>

#include "failure.h"

namespace torchwright {

using torch::Tensor;

namespace {

void forget_gradients(const Optimizer& optimizer) {
  for (const Tensor& parameter : optimizer.parameters()) parameter.mutable_grad().reset();
}

bool is_finite(const Tensor& loss) { return !loss.is_cpu() || std::isfinite(loss.item<double>()); }

/// No optimizer of two networks evaluates its loss again.
const Objective& no_objective() {
  static const Objective objective{0, {}};
  return objective;
}

}  // namespace

Adversary::Adversary(const AdversarialSettings& settings, const LossSettings& loss, std::int64_t classes,
                     torch::Generator& generator, const torch::Device& device)
    : settings_(settings), takes_logits_(loss.type == "BCEWithLogits"), classes_(classes), device_(device) {
  network_ = std::make_unique<Network>(settings_.discriminator, generator);
  network_->to(device_, network_->has_convolution());
  optimizer_ = make_optimizer(settings_.optimizer, network_->store());
}

Tensor Adversary::draw_noise(std::int64_t samples, torch::Generator& generator) const {
  std::vector<std::int64_t> shape{samples};
  shape.insert(shape.end(), settings_.noise.begin(), settings_.noise.end());
  return torch::randn(shape, generator).to(device_);
}

/// int64 [samples]; undefined where nobody asks for a class.
Tensor Adversary::draw_classes(std::int64_t samples, torch::Generator& generator) const {
  if (!settings_.conditional) return {};
  return torch::randint(classes_, {samples}, generator, torch::kInt64).to(device_);
}

Flow Adversary::with_class(const Tensor& first, const Tensor& classes) const {
  if (!settings_.conditional) return {first};
  return {first, classes.to(torch::kFloat32)};
}

Tensor Adversary::generate(Network& network, const Tensor& noise, const Tensor& classes) const {
  const torch::NoGradGuard no_grad;
  // Batch norms use their running statistics; nothing is drawn.
  at::Generator generator = at::detail::createCPUGenerator(0);
  return network.forward_flow(with_class(noise, classes), generator, /*training=*/false).at(0);
}

Tensor Adversary::loss(const Tensor& verdict, const Tensor& target) const {
  const Tensor output = verdict.to(torch::kFloat32).flatten();
  return takes_logits_ ? torch::binary_cross_entropy_with_logits(output, target)
                       : torch::binary_cross_entropy(output, target);
}

AdversarialLosses Adversary::judge(Network& network, const Batch& real, torch::Generator& generator) {
  const torch::NoGradGuard no_grad;
  const std::int64_t samples = real.images.size(0);
  const auto verdict = [&](const Tensor& images, const Tensor& classes) {
    return network_->forward_flow(with_class(images, classes), generator, /*training=*/false).at(0);
  };
  const Tensor noise = draw_noise(samples, generator);
  const Tensor classes = draw_classes(samples, generator);
  const Tensor made = verdict(generate(network, noise, classes), classes);
  const Tensor ones = torch::ones({samples}, torch::TensorOptions(torch::kFloat32).device(device_));
  const Tensor real_loss = loss(verdict(real.images, real.labels), ones);
  return {real_loss + loss(made, torch::zeros_like(ones)), loss(made, ones)};
}

/// While the generator learns, the discriminator's weights need no gradients.
void Adversary::train_discriminator(bool is_trained) {
  for (const Tensor& parameter : optimizer_->parameters()) parameter.requires_grad_(is_trained);
}

bool Adversary::step(Network& network, Optimizer& optimizer, const Batch& real, double learning_rate,
                     double discriminator_rate, torch::Generator& generator, AdversarialLosses& losses) {
  const std::int64_t samples = real.images.size(0);
  const auto judge = [&](const Tensor& images, const Tensor& classes) {
    return network_->forward_flow(with_class(images, classes), generator, /*training=*/true).at(0);
  };

  forget_gradients(*optimizer_);
  const Tensor target =
      torch::empty({samples}).uniform_(settings_.least_target, settings_.most_target, generator).to(device_);
  const Tensor real_loss = loss(judge(real.images, real.labels), target);
  real_loss.backward();

  const Tensor noise = draw_noise(samples, generator);
  const Tensor classes = draw_classes(samples, generator);
  const Tensor made = network.forward_flow(with_class(noise, classes), generator, /*training=*/true).at(0);
  const Tensor made_loss = loss(judge(made.detach(), classes), torch::zeros_like(target));
  made_loss.backward();
  losses.discriminator = (real_loss + made_loss).detach();
  if (!is_finite(losses.discriminator)) return false;
  optimizer_->step(discriminator_rate, no_objective());

  forget_gradients(optimizer);
  train_discriminator(false);
  const Tensor verdict = loss(judge(made, classes), torch::ones_like(target));
  verdict.backward();
  train_discriminator(true);
  losses.generator = verdict.detach();
  if (!is_finite(losses.generator)) return false;
  optimizer.step(learning_rate, no_objective());
  return true;
}

}  // namespace torchwright
