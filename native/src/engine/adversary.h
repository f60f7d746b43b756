#pragma once

#include <memory>
#include <vector>

#include "batches.h"
#include "network.h"
#include "optimizer.h"
#include "plan.h"

namespace torchwright {

/// What one iteration found: mean losses of the batch, on the device.
struct AdversarialLosses {
  torch::Tensor discriminator;  // of the real images and of the generated ones, added
  torch::Tensor generator;
};

/// The other side of an adversarial training: the discriminator with its optimizer, and the iteration in which it and
/// the generator learn (Goodfellow et al. 2014, algorithm 1; targets for real images below 1: Salimans et al. 2016,
/// section 3.4).
class Adversary {
 public:
  /// Weights of the discriminator are drawn from `generator`, after those of the network that makes the images.
  Adversary(const AdversarialSettings& settings, const LossSettings& loss, std::int64_t classes,
            torch::Generator& generator, const torch::Device& device);

  /// One batch of real images, and as many generated ones. Noise, targets and classes are drawn from `generator`.
  /// false, and nothing is learnt any more, where a loss is not finite; asked on the CPU only.
  bool step(Network& network, Optimizer& optimizer, const Batch& real, double learning_rate, double discriminator_rate,
            torch::Generator& generator, AdversarialLosses& losses);

  /// The losses of a batch of real images and of as many made ones, with nothing learnt: both networks as they judge,
  /// the target of real images 1.
  AdversarialLosses judge(Network& network, const Batch& real, torch::Generator& generator);

  /// Images of these samples of noise, [samples, channels, height, width]; `classes`: int64 [samples], or undefined.
  torch::Tensor generate(Network& network, const torch::Tensor& noise, const torch::Tensor& classes) const;

  /// Standard normal, [samples, …noise], on the device.
  torch::Tensor draw_noise(std::int64_t samples, torch::Generator& generator) const;

  ParameterStore& store() { return network_->store(); }
  Optimizer& optimizer() { return *optimizer_; }
  bool is_conditional() const { return settings_.conditional; }

 private:
  torch::Tensor loss(const torch::Tensor& verdict, const torch::Tensor& target) const;
  Flow with_class(const torch::Tensor& first, const torch::Tensor& classes) const;
  torch::Tensor draw_classes(std::int64_t samples, torch::Generator& generator) const;
  void train_discriminator(bool is_trained);

  const AdversarialSettings& settings_;  // the plan's
  bool takes_logits_;
  std::int64_t classes_;
  torch::Device device_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<Optimizer> optimizer_;
};

}  // namespace torchwright
