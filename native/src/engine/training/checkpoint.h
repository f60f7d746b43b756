#pragma once

#include <string>

#include "engine/network/weights.h"
#include "engine/training/chosen_weights.h"
#include "engine/training/trainer.h"

namespace torchwright {

/// A training on disk: weights by PyTorch's names as safetensors, and beside them all that is needed to go on to the
/// bit.
class Checkpoint {
 public:
  Checkpoint(TrainingContext& context, Trainer& trainer);

  /// Writes the folder under another name, syncs it and renames it: it is there whole or not at all. It must not exist
  /// yet. `metadata` is kept as it is. Throws EngineFailure `noSpace` or `notWritable`.
  void save(const std::string& directory, const std::string& metadata);

  /// Takes everything back, and returns the metadata. Throws EngineFailure `badData` or `notFound` naming the file.
  std::string load(const std::string& directory);

  /// The weights alone, in one file.
  void save_weights(const std::string& file, WeightsName weights);

  /// Every parameter and buffer must be there with its shape, or EngineFailure `badData` is thrown.
  void load_weights(const std::string& file);

  /// Takes what has the same name and shape.
  WeightReport load_matching_weights(const std::string& file);

 private:
  TrainingContext& context_;
  Trainer& trainer_;
};

}  // namespace torchwright
