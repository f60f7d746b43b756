#pragma once

#include <torch/torch.h>

#include <functional>
#include <vector>

#include "engine/losses/loss.h"
#include "engine/runtime/failure.h"
#include "engine/training/chosen_weights.h"
#include "engine/training/training_context.h"

namespace torchwright {

struct Predictions {
  torch::Tensor probabilities;  // float [samples, classes], CPU; of a regression the output itself
  torch::Tensor labels;         // int64 [samples], or float [samples, targets], CPU
  double loss = 0;
};

/// Where the mean loss over a split is asked for and no sample of it counts.
EngineFailure nothing_counts();

/// One view of a test image: mirrored, then shifted by so many pixels into the padding.
struct TestView {
  bool flipped = false;
  std::int64_t shift_y = 0;
  std::int64_t shift_x = 0;
};

/// What the network predicts of the samples of a split, sample by sample. An interruption makes it throw EngineFailure
/// `internal`; averaged weights that are not there, `notFound`.
class Predictor {
 public:
  /// `loss` says what probabilities are made of an output.
  Predictor(TrainingContext& context, const Loss& loss);

  Predictions predict(SplitName split, WeightsName weights);

  /// Means of the probabilities over several views of each image, float [samples, classes] on the CPU. Pixels from
  /// beyond the border are made as the recipe's crop makes them.
  torch::Tensor predict_views(SplitName split, const std::vector<TestView>& views, WeightsName weights);

  /// A batch, what the network gives for it in float32, and the number of its first sample.
  using Visit = std::function<void(const Batch& batch, const torch::Tensor& output, std::int64_t first)>;

  /// Visits plain batches in order without gradients, with the mean of the outputs for the recipe's views; false if
  /// interrupted, which stays for the caller to set back.
  bool for_each_batch(SplitName split, WeightsName weights, const Visit& visit);

 private:
  torch::Tensor output_of_views(const torch::Tensor& images);

  TrainingContext& context_;
  const Loss& loss_;
};

}  // namespace torchwright
