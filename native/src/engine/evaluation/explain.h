#pragma once

#include "engine/network/network.h"

namespace torchwright {

/// What a network made of one sample, and what of it spoke for a class.
struct Explanation {
  Flow outputs;
  std::int64_t target;
  std::vector<TracedModule> trace;
  /// Derivative of the class's score by the first input: Simonyan et al. 2013, arXiv 1312.6034.
  torch::Tensor saliency;
  /// Beside `trace`. Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391, equations 1 and 2), [height, width]; undefined
  /// where a layer gives no picture of channels.
  std::vector<torch::Tensor> maps;
};

/// `inputs`: a batch of one. The score is the network's output for the class as it is: [1, classes]. Without a `target`
/// the class with the largest score.
Explanation explain(Network& network, Flow inputs, std::optional<std::int64_t> target);

}  // namespace torchwright
