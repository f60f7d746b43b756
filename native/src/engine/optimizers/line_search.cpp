#include "engine/optimizers/line_search.h"

#include <algorithm>
#include <cmath>

namespace torchwright {
namespace {

constexpr double kSufficientDecrease = 1e-4;  // c1
constexpr double kCurvature = 0.9;            // c2

/// Where the cubic through both points' losses and slopes is least, within the bounds.
double least_of_cubic(const LinePoint& a, const LinePoint& b, double lower, double upper) {
  const double d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.length - b.length);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (lower + upper) / 2;
  const double d2 = std::sqrt(square);
  const double least = a.length <= b.length
                           ? b.length - (b.length - a.length) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                           : a.length - (a.length - b.length) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
  return std::min(std::max(least, lower), upper);
}

class Search {
 public:
  Search(const LineSearch& settings, const LinePoint& start) : settings_(settings), start_(start) {}

  FoundPoint from(double first_length) {
    const bool is_bracketed = bracket(evaluate(first_length));
    if (is_bracketed) zoom();
    return {low_, evaluations_};
  }

 private:
  LinePoint evaluate(double length) {
    ++evaluations_;
    return settings_.evaluate(length);
  }

  bool decreases_enough(const LinePoint& point) const {
    return !(point.loss > start_.loss + kSufficientDecrease * point.length * start_.slope);
  }
  bool is_flat_enough(const LinePoint& point) const { return std::abs(point.slope) <= -kCurvature * start_.slope; }

  /// Lengthens the step until a good point is found (false; it is `low_`) or one lies between `low_` and `high_`.
  bool bracket(LinePoint point) {
    LinePoint before = start_;
    for (; iterations_ < settings_.most; ++iterations_) {
      if (!decreases_enough(point) || (iterations_ > 1 && point.loss >= before.loss)) return between(before, point);
      if (is_flat_enough(point)) {
        low_ = point;
        return false;
      }
      if (point.slope >= 0) return between(before, point);
      const double lower = point.length + 0.01 * (point.length - before.length);
      const double length = least_of_cubic(before, point, lower, point.length * 10);
      before = std::move(point);
      point = evaluate(length);
    }
    return between(start_, point);
  }

  bool between(const LinePoint& first, const LinePoint& second) {
    const bool is_first_low = first.loss <= second.loss;
    low_ = is_first_low ? first : second;
    high_ = is_first_low ? second : first;
    return true;
  }

  /// Narrows the bracket down to a good point.
  void zoom() {
    bool was_near_end = false;
    while (iterations_ < settings_.most) {
      const double left = std::min(low_.length, high_.length);
      const double right = std::max(low_.length, high_.length);
      if ((right - left) * settings_.direction_size < settings_.tolerance) return;
      double length = interpolated(left, right);
      const double margin = 0.1 * (right - left);
      const bool is_near_end = std::min(right - length, length - left) < margin;
      // Twice near an end, or on it: a tenth of the bracket away from that end.
      if (is_near_end && (was_near_end || length >= right || length <= left)) {
        length = std::abs(length - right) < std::abs(length - left) ? right - margin : left + margin;
        was_near_end = false;
      } else {
        was_near_end = is_near_end;
      }
      LinePoint point = evaluate(length);
      ++iterations_;
      if (!decreases_enough(point) || point.loss >= low_.loss) {
        high_ = std::move(point);
        if (!(low_.loss <= high_.loss)) std::swap(low_, high_);
        continue;
      }
      const bool is_good = is_flat_enough(point);
      if (!is_good && point.slope * (high_.length - low_.length) >= 0) high_ = low_;
      low_ = std::move(point);
      if (is_good) return;
    }
  }

  /// PyTorch gives the bracket's ends in the order in which they were found; the cubic is the same either way.
  double interpolated(double left, double right) const { return least_of_cubic(low_, high_, left, right); }

  const LineSearch& settings_;
  const LinePoint start_;
  LinePoint low_;
  LinePoint high_;
  std::int64_t iterations_ = 0;
  std::int64_t evaluations_ = 0;
};

}  // namespace

FoundPoint search_line(const LineSearch& search, const LinePoint& start, double first_length) {
  return Search(search, start).from(first_length);
}

}  // namespace torchwright
