#include "engine/training/adversary.h"

#include <ATen/CPUGeneratorImpl.h>

#include "engine/formats/safetensors.h"
#include "engine/network/weights.h"
#include "engine/runtime/failure.h"
#include "engine/runtime/step_profile.h"

namespace torchwright {

using torch::Tensor;

Adversary::Adversary(TrainingContext& context)
    : context_(context),
      settings_(*context.plan.adversarial),
      takes_logits_(context.plan.loss.type == "BCEWithLogits"),
      network_(std::make_unique<Network>(settings_.discriminator, context.generator)) {
  network_->to(context.device, network_->has_convolution());
}

Tensor Adversary::draw_noise(std::int64_t samples, std::uint64_t seed) const {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  return noise(samples, generator).cpu();
}

Tensor Adversary::generate(const Tensor& noise, const Tensor& classes) {
  if (settings_.conditional != classes.defined())
    throw EngineFailure("badUsage", "The class of each image is needed if recipe.conditional is true, and only then.");
  const torch::NoGradGuard no_grad;
  std::vector<std::int64_t> shape = settings_.noise;
  shape.insert(shape.begin(), -1);
  const Tensor chosen = classes.defined() ? classes.to(context_.device) : classes;
  // Batch norms use their running statistics; nothing is drawn.
  at::Generator generator = at::detail::createCPUGenerator(0);
  return make_images(noise.reshape(shape).to(context_.device), chosen, generator, /*training=*/false)
      .to(torch::kFloat32)
      .cpu()
      .contiguous();
}

void Adversary::save_discriminator(const std::string& file) {
  write_safetensors(file, weights_of(store()), {{"format", "pt"}});
}

AdversarialLosses Adversary::evaluate(const Batch& real, torch::Generator& generator) {
  const torch::NoGradGuard no_grad;
  const std::int64_t samples = real.images.size(0);
  const Tensor noise = this->noise(samples, generator);
  const Tensor classes = this->classes(samples, generator);
  const Tensor images = make_images(noise, classes, generator, /*training=*/false);
  const Tensor made = verdict(images, classes, generator, /*training=*/false);
  const Tensor ones = torch::ones({samples}, torch::TensorOptions(torch::kFloat32).device(context_.device));
  const Tensor real_loss = loss(verdict(real.images, real.labels, generator, /*training=*/false), ones);
  return {real_loss + loss(made, torch::zeros_like(ones)), loss(made, ones)};
}

Tensor Adversary::noise(std::int64_t samples, torch::Generator& generator) const {
  std::vector<std::int64_t> shape{samples};
  shape.insert(shape.end(), settings_.noise.begin(), settings_.noise.end());
  return torch::randn(shape, generator).to(context_.device);
}

Tensor Adversary::classes(std::int64_t samples, torch::Generator& generator) const {
  if (!settings_.conditional) return {};
  return torch::randint(context_.plan.data.classes, {samples}, generator, torch::kInt64).to(context_.device);
}

Flow Adversary::with_class(const Tensor& first, const Tensor& classes) const {
  if (!settings_.conditional) return {first};
  return {first, classes.to(torch::kFloat32)};
}

Tensor Adversary::make_images(const Tensor& noise, const Tensor& classes, torch::Generator& generator, bool training) {
  return context_.network->forward_flow(with_class(noise, classes), generator, training).at(0);
}

Tensor Adversary::verdict(const Tensor& images, const Tensor& classes, torch::Generator& generator, bool training) {
  return network_->forward_flow(with_class(images, classes), generator, training).at(0);
}

Tensor Adversary::loss(const Tensor& verdict, const Tensor& target) const {
  const TimedPart timed(StepPart::loss);
  const Tensor output = verdict.to(torch::kFloat32).flatten();
  return takes_logits_ ? torch::binary_cross_entropy_with_logits(output, target)
                       : torch::binary_cross_entropy(output, target);
}

}  // namespace torchwright
