#include "engine/data/image_change.h"

#include <map>

#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

/// Made by whoever asks first: constants of other files, in an order that nobody knows.
std::map<std::string, RegisteredImageChange::Make>& registered_changes() {
  static std::map<std::string, RegisteredImageChange::Make> registered;
  return registered;
}

}  // namespace

RegisteredImageChange::RegisteredImageChange(const std::string& name, Make make) {
  registered_changes().emplace(name, make);
}

std::vector<std::unique_ptr<ImageChange>> make_image_changes(const Augmentation& augment) {
  std::vector<std::unique_ptr<ImageChange>> changes;
  for (const auto& [name, options] : augment.changes.items()) {
    const auto found = registered_changes().find(name);
    if (found == registered_changes().end())
      throw EngineFailure("badProject", "The engine knows no augmentation called '" + name + "'.",
                          "data.augment." + name);
    changes.push_back(found->second(options));
  }
  return changes;
}

}  // namespace torchwright
