#include "engine/runtime/step_profile.h"

#include <ATen/SequenceNumber.h>
#include <ATen/record_function.h>
#include <torch/cuda.h>

#include <algorithm>
#include <array>
#include <memory>

namespace torchwright {
namespace {

/// In the order of StepPart.
constexpr std::array kParts{"other", "data", "augmentation", "loss", "optimizer", "figures"};

/// A kind that every version of libtorch has, and that nothing in libtorch uses.
const auto kSlot = c10::DebugInfoKind::TEST_INFO;

std::unique_ptr<at::ObserverContext> on_backward(const at::RecordFunction& function) {
  if (StepProfile* profile = StepProfile::current()) profile->run_backward(function.seqNr());
  return nullptr;
}

/// Makes a profile the thread's own while a step runs.
class Observed {
 public:
  explicit Observed(StepProfile& profile)
      // Not owned: the profile outlives the step.
      : guard_(kSlot, std::shared_ptr<c10::DebugInfoBase>(std::shared_ptr<void>(), &profile)),
        callback_(at::addThreadLocalCallback(
            at::RecordFunctionCallback(&on_backward).scopes({at::RecordScope::BACKWARD_FUNCTION}))) {}
  ~Observed() { at::removeCallback(callback_); }
  Observed(const Observed&) = delete;
  Observed& operator=(const Observed&) = delete;

 private:
  c10::DebugInfoGuard guard_;
  at::CallbackHandle callback_;
};

bool shares_memory(const at::Tensor& output, const std::vector<at::Tensor>& inputs) {
  return std::any_of(inputs.begin(), inputs.end(), [&](const at::Tensor& input) { return input.is_alias_of(output); });
}

}  // namespace

StepProfile::StepProfile(const at::Device& device) : device_(device) {
  for (const char* part : kParts) add_row(part, /*is_part=*/true);
}

StepProfile* StepProfile::current() { return static_cast<StepProfile*>(c10::ThreadLocalDebugInfo::get(kSlot)); }

void StepProfile::measure(const std::function<void()>& work) {
  for (Row& row : rows_) {
    row.forward.push_back(0);
    row.backward.push_back(0);
    row.output_bytes = 0;
  }
  recorded_.clear();
  place_ = {row_of_part(StepPart::other), false};
  if (device_.is_cuda()) torch::cuda::synchronize(device_.index());
  const Observed observed(*this);
  since_change_.restart();
  const Stopwatch start = since_change_;
  work();
  charge(place_);
  step_seconds_.push_back(since_change_ - start);
}

StepProfile::Place StepProfile::enter(const Place& place) {
  const Place before = place_;
  charge(place);
  if (!place.is_backward) record(place.row);
  return before;
}

void StepProfile::leave(const Place& before) {
  const bool was_backward = place_.is_backward;
  charge(before);
  if (!was_backward) record(before.row);
}

std::size_t StepProfile::row_of_module(const std::string& path) {
  const auto [found, is_new] = modules_.try_emplace(path, rows_.size());
  return is_new ? add_row(path, /*is_part=*/false) : found->second;
}

void StepProfile::add_outputs(std::size_t row, const std::vector<at::Tensor>& inputs,
                              const std::vector<at::Tensor>& outputs) {
  for (const at::Tensor& output : outputs) {
    if (!shares_memory(output, inputs)) rows_[row].output_bytes += static_cast<std::int64_t>(output.nbytes());
  }
}

void StepProfile::note_kernel(const char* name) {
  StepProfile* profile = current();
  if (profile == nullptr) return;
  std::vector<std::string>& kernels = profile->rows_[profile->place_.row].kernels;
  if (std::find(kernels.begin(), kernels.end(), name) == kernels.end()) kernels.emplace_back(name);
}

void StepProfile::run_backward(std::int64_t sequence_number) {
  if (sequence_number < 0 || recorded_.empty()) return;
  const auto number = static_cast<std::uint64_t>(sequence_number);
  const auto after = std::upper_bound(recorded_.begin(), recorded_.end(), number,
                                      [](std::uint64_t wanted, const auto& entry) { return wanted < entry.first; });
  if (after != recorded_.begin()) charge({std::prev(after)->second, true});
}

/// Time since the last change goes to where it was spent.
void StepProfile::charge(const Place& next) {
  if (device_.is_cuda()) torch::cuda::synchronize(device_.index());
  Row& row = rows_[place_.row];
  (place_.is_backward ? row.backward : row.forward).back() += since_change_.lap();
  place_ = next;
}

void StepProfile::record(std::size_t row) { recorded_.emplace_back(at::sequence_number::peek(), row); }

std::size_t StepProfile::add_row(const std::string& name, bool is_part) {
  const std::size_t steps = rows_.empty() ? 0 : rows_.front().forward.size();
  rows_.push_back({name, is_part, std::vector<double>(steps), std::vector<double>(steps), 0, {}});
  return rows_.size() - 1;
}

}  // namespace torchwright
