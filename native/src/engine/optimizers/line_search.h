#pragma once

#include <torch/torch.h>

#include <functional>

namespace torchwright {

/// A point on the line from where a step of L-BFGS stands along its direction.
struct LinePoint {
  double length;  // of the step to it, in directions
  double loss;
  double slope;            // of the loss along the direction
  torch::Tensor gradient;  // flat
};

struct LineSearch {
  std::function<LinePoint(double length)> evaluate;
  double direction_size;  // largest element
  double tolerance;       // a bracket smaller than this in every weight is the end
  std::int64_t most;      // evaluations after the first
};

struct FoundPoint {
  LinePoint point;
  std::int64_t evaluations;
};

/// A step length that fulfils the strong Wolfe conditions (Nocedal and Wright 2006, algorithms 3.5 and 3.6), with the
/// constants, the cubic interpolation and the safeguards of torch.optim.LBFGS.
FoundPoint search_line(const LineSearch& search, const LinePoint& start, double first_length);

}  // namespace torchwright
