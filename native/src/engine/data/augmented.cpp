#include "engine/data/augmented.h"

#include "engine/data/batches.h"
#include "engine/runtime/failure.h"

namespace torchwright {

AugmentedEpoch augment_images(const torch::Tensor& images, const Json& settings, std::uint64_t seed) {
  std::vector<double> scale, offset;
  Augmentation augment;
  bool shuffle = false;
  try {
    scale = settings.at("scale").get<std::vector<double>>();
    offset = settings.at("offset").get<std::vector<double>>();
    augment = parse_augmentation(settings.at("augment"));
    shuffle = settings.at("shuffle");
  } catch (const Json::exception& error) {
    throw EngineFailure("badProject", error.what());
  }
  const auto channels = static_cast<std::size_t>(images.size(1));
  if (scale.size() != channels || offset.size() != channels)
    throw EngineFailure("badProject", "The normalisation needs one value for each channel.");
  const Split split{images, torch::zeros({images.size(0)}, torch::kInt64)};
  const BatchSource source(split, scale, offset, augment, /*channels_last=*/false, torch::kCPU);
  at::Generator generator = at::detail::createCPUGenerator(seed);
  const EpochOrder epoch = source.draw_epoch(shuffle, generator, {seed, /*epoch=*/0});
  return {epoch.order, source.training_batch(epoch, 0, source.positions()).images};
}

}  // namespace torchwright
