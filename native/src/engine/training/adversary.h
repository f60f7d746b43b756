#pragma once

#include <memory>
#include <string>

#include "engine/training/training_context.h"

namespace torchwright {

/// Mean losses of one batch, on the device.
struct AdversarialLosses {
  torch::Tensor discriminator;  // of the real images and of the generated ones, added
  torch::Tensor generator;
};

/// The discriminator beside the network of the context, which is then the generator: what both make of images and of
/// noise. Learning is AdversarialStep's.
class Adversary {
 public:
  /// Draws the discriminator's weights, after those of the generator. The plan must be one of adversarial training.
  explicit Adversary(TrainingContext& context);

  /// Standard normal noise [samples, …noise] from a generator of its own, on the CPU.
  torch::Tensor draw_noise(std::int64_t samples, std::uint64_t seed) const;

  /// Images of noise by the generator as it is, float32 [samples, channels, height, width] on the CPU. `noise`:
  /// [samples, …noise] or flat; `classes`: int64 [samples] where the training is conditional, else undefined, or
  /// EngineFailure `badUsage` is thrown.
  torch::Tensor generate(const torch::Tensor& noise, const torch::Tensor& classes);

  /// Weights by PyTorch's names. Throws EngineFailure `noSpace` or `notWritable`.
  void save_discriminator(const std::string& file);

  /// Losses of a batch of real images and of as many made ones, with both networks in evaluation, the target of real
  /// images 1, and nothing learnt. Noise and classes are drawn from `generator`.
  AdversarialLosses evaluate(const Batch& real, torch::Generator& generator);

  ParameterStore& store() { return network_->store(); }

  // The parts of a step. All tensors are on the device; `generator` is what dropout draws from too.
  torch::Tensor noise(std::int64_t samples, torch::Generator& generator) const;
  /// int64 [samples]; undefined where nobody asks for a class.
  torch::Tensor classes(std::int64_t samples, torch::Generator& generator) const;
  torch::Tensor make_images(const torch::Tensor& noise, const torch::Tensor& classes, torch::Generator& generator,
                            bool training);
  /// What the discriminator gives for images: a probability, or its logit, a sample.
  torch::Tensor verdict(const torch::Tensor& images, const torch::Tensor& classes, torch::Generator& generator,
                        bool training);
  /// Mean binary cross-entropy; `target`: [samples], the probability that an image is real.
  torch::Tensor loss(const torch::Tensor& verdict, const torch::Tensor& target) const;

 private:
  Flow with_class(const torch::Tensor& first, const torch::Tensor& classes) const;

  TrainingContext& context_;
  const AdversarialSettings& settings_;  // the plan's
  bool takes_logits_;
  std::unique_ptr<Network> network_;
};

}  // namespace torchwright
