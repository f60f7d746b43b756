#pragma once

#include <ATen/ATen.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/runtime/stopwatch.h"

namespace torchwright {

/// What the time of a training step goes to beside modules. `other` is whatever nobody claims.
enum class StepPart { other, data, augmentation, loss, optimizer, figures };

/// Where the time of training steps goes. At every moment of a step exactly one row is charged: the innermost module or
/// part that is at work. So the rows of a step add up to the whole of it. In a backward pass it is the module in whose
/// forward pass libtorch recorded the function that runs, which its sequence number tells; what libtorch does until the
/// next function runs, such as adding up gradients, is charged to it too.
///
/// While a step is profiled the profile lies in libtorch's thread-local state, which a backward pass on a GPU takes
/// along to its own thread. On a GPU every change of the row waits for the device.
class StepProfile : public c10::DebugInfoBase {
 public:
  struct Row {
    std::string name;  // a module's path, or a part's name
    bool is_part;
    std::vector<double> forward;       // seconds, one a step
    std::vector<double> backward;      // likewise
    std::int64_t output_bytes = 0;     // of the last step: outputs that lie in memory of their own
    std::vector<std::string> kernels;  // of our own that ran in it, by name
  };

  /// What is being charged.
  struct Place {
    std::size_t row = 0;
    bool is_backward = false;
  };

  explicit StepProfile(const at::Device& device);

  /// That of the step which this thread is in; null where none is profiled, which is nearly always.
  static StepProfile* current();

  /// Runs `work` as one step.
  void measure(const std::function<void()>& work);

  /// Charges `place` from now on; gives back what was charged before, for `leave`.
  Place enter(const Place& place);
  void leave(const Place& before);

  std::size_t row_of_module(const std::string& path);
  static std::size_t row_of_part(StepPart part) { return static_cast<std::size_t>(part); }

  void add_outputs(std::size_t row, const std::vector<at::Tensor>& inputs, const std::vector<at::Tensor>& outputs);

  /// A kernel of our own runs in the module or part that is at work; where no step is profiled, nothing happens.
  static void note_kernel(const char* name);

  /// A function of the backward pass begins. Negative: one that only takes up the gradient of a parameter.
  void run_backward(std::int64_t sequence_number);

  const std::vector<Row>& rows() const { return rows_; }
  /// Seconds of each whole step.
  const std::vector<double>& step_seconds() const { return step_seconds_; }

 private:
  void charge(const Place& next);
  void record(std::size_t row);
  std::size_t add_row(const std::string& name, bool is_part);

  at::Device device_;
  std::vector<Row> rows_;
  std::unordered_map<std::string, std::size_t> modules_;
  std::vector<double> step_seconds_;

  // Of the step under way.
  Place place_;
  Stopwatch since_change_;
  /// From which sequence number on the forward pass was in which row, in order.
  std::vector<std::pair<std::uint64_t, std::size_t>> recorded_;
};

/// While it lives, a part of the step is at work. Where no step is profiled it costs a look at a thread-local pointer.
class TimedPart {
 public:
  explicit TimedPart(StepPart part, bool is_backward = false) : profile_(StepProfile::current()) {
    if (profile_ != nullptr) before_ = profile_->enter({StepProfile::row_of_part(part), is_backward});
  }
  ~TimedPart() {
    if (profile_ != nullptr) profile_->leave(before_);
  }
  TimedPart(const TimedPart&) = delete;
  TimedPart& operator=(const TimedPart&) = delete;

 private:
  StepProfile* profile_;
  StepProfile::Place before_;
};

/// The same of a module's forward pass.
class TimedModule {
 public:
  explicit TimedModule(const std::string& path) : profile_(StepProfile::current()) {
    if (profile_ == nullptr) return;
    row_ = profile_->row_of_module(path);
    before_ = profile_->enter({row_, /*is_backward=*/false});
  }
  ~TimedModule() {
    if (profile_ != nullptr) profile_->leave(before_);
  }
  TimedModule(const TimedModule&) = delete;
  TimedModule& operator=(const TimedModule&) = delete;

  void gave(const std::vector<at::Tensor>& inputs, const std::vector<at::Tensor>& outputs) const {
    if (profile_ != nullptr) profile_->add_outputs(row_, inputs, outputs);
  }
  void gave(const at::Tensor& input, const at::Tensor& output) const {
    if (profile_ != nullptr) profile_->add_outputs(row_, {input}, {output});
  }

 private:
  StepProfile* profile_;
  std::size_t row_ = 0;
  StepProfile::Place before_;
};

}  // namespace torchwright
