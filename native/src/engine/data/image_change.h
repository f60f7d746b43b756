#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/plan/plan.h"

namespace torchwright {

/// An augmentation that changes training images after they were gathered and normalised. Everything random about it is
/// drawn with the order of an epoch, so that an interrupted epoch goes on exactly.
class ImageChange {
 public:
  virtual ~ImageChange() = default;

  /// Names in checkpoints of what is drawn.
  virtual std::vector<std::string> choice_names() const = 0;

  /// One tensor a name, on the CPU, each with one element for each of so many positions of an epoch.
  virtual std::vector<torch::Tensor> draw(std::int64_t positions, std::int64_t height, std::int64_t width,
                                          torch::Generator& generator) const = 0;

  /// Changes images in place, by tensor operations on any device. `images`: float [batch, channels, height, width];
  /// `choices`: what was drawn for these images, [batch] each, on the same device.
  virtual void change(torch::Tensor& images, const std::vector<torch::Tensor>& choices) const = 0;

  /// The same on the CPU, for what has a faster way there.
  virtual void change_on_cpu(torch::Tensor& images, const std::vector<torch::Tensor>& choices) const {
    change(images, choices);
  }
};

/// Those of a plan, in the order of their names. Throws EngineFailure `badProject` for an unknown one.
std::vector<std::unique_ptr<ImageChange>> make_image_changes(const Augmentation& augment);

/// Makes a change known to `make_image_changes`: a constant in the change's own file, so that no list names it. The
/// plan has every option of it.
class RegisteredImageChange {
 public:
  using Make = std::unique_ptr<ImageChange> (*)(const Json& options);

  /// `name`: the plan's.
  RegisteredImageChange(const std::string& name, Make make);
};

template <typename Change>
RegisteredImageChange registered_change(const std::string& name) {
  return {name, [](const Json& options) -> std::unique_ptr<ImageChange> { return std::make_unique<Change>(options); }};
}

}  // namespace torchwright
