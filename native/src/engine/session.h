#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "batches.h"
#include "loss.h"
#include "meter.h"
#include "network.h"
#include "optimizer.h"
#include "plan.h"

namespace torchwright {

struct EpochProgress {
  std::int64_t step = 0;  // optimizer steps done in this epoch
  std::int64_t steps = 0;
  std::int64_t samples = 0;
  double loss = 0;  // means over the samples of this epoch so far
  double accuracy = 0;
  double samples_per_second = 0;        // since the last report
  std::optional<double> gradient_norm;  // the last one measured; see Session::train
};

struct TrainRequest {
  std::vector<double> learning_rates;  // one an optimizer step of the whole epoch
  std::optional<double> max_seconds;
  std::optional<std::int64_t> max_steps;
};

struct TrainOutcome {
  EpochProgress progress;
  std::string state;   // finished, paused, interrupted or diverged
  double seconds = 0;  // spent in this epoch, all calls together
  std::vector<float> batch_losses;
};

struct EvaluateOutcome {
  double loss = 0;
  double accuracy = 0;
  std::int64_t samples = 0;
  bool interrupted = false;
};

struct Predictions {
  torch::Tensor probabilities;  // float [samples, classes], CPU
  torch::Tensor labels;         // int64 [samples], CPU
  double loss = 0;
};

enum class SplitName { train, test };

/// One training: network, data, optimizer, and the position it has come to. All methods but `interrupt` belong to
/// one thread, the one that made the session: libtorch's number of threads and its generators are set there.
class Session {
 public:
  explicit Session(Plan plan);
  ~Session();

  /// Starts an epoch, or goes on with the one begun. `report` is called about ten times a second. The norm of the
  /// gradients is measured at the steps that are reported, and at the last one of the epoch or of `max_steps`.
  TrainOutcome train(const TrainRequest& request, const std::function<void(const EpochProgress&)>& report);
  EvaluateOutcome evaluate(SplitName split);
  Predictions predict(SplitName split);

  /// uint8 [count, channels, height, width] on the CPU.
  torch::Tensor images(SplitName split, const std::vector<std::int64_t>& indices) const;

  /// The first `count` training images of a fresh epoch as the network would get them; by the general tensor
  /// operations instead of the CPU's own path if asked. Draws from a generator of its own.
  torch::Tensor sample_batch(std::int64_t count, bool by_tensors, std::uint64_t seed) const;

  /// From any thread: train and evaluate return within a step.
  void interrupt() { interrupted_ = true; }

  void save_checkpoint(const std::string& directory, const std::string& metadata);
  std::string load_checkpoint(const std::string& directory);
  void save_weights(const std::string& file);
  void load_weights(const std::string& file);

  ParameterStore& store() { return network_->store(); }
  const Plan& plan() const { return plan_; }
  const torch::Device& device() const { return device_; }
  std::int64_t steps_per_epoch() const;
  std::int64_t train_samples() const { return train_->positions(); }
  std::int64_t test_samples() const { return test_->split().samples(); }
  const std::vector<double>& scale() const { return scale_; }
  const std::vector<double>& offset() const { return offset_; }
  static int threads();

 private:
  struct Progress;

  void load_data();
  void begin_epoch();
  bool compute_gradients();
  void take_step(double learning_rate);
  void zero_gradients();
  std::int64_t batches_per_epoch() const;
  const BatchSource& source(SplitName split) const { return split == SplitName::train ? *train_ : *test_; }
  template <typename Visit>
  bool for_each_batch(SplitName split, const Visit& visit);

  Plan plan_;
  torch::Device device_;
  torch::Generator generator_;  // CPU: initial weights, order, augmentation, dropout
  std::unique_ptr<Network> network_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<Loss> loss_;
  std::unique_ptr<BatchSource> train_;
  std::unique_ptr<BatchSource> test_;
  std::vector<double> scale_;
  std::vector<double> offset_;

  // The epoch under way; `order_` is undefined between epochs.
  EpochOrder order_;
  std::int64_t batch_ = 0;  // done in this epoch
  std::int64_t step_ = 0;
  double seconds_ = 0;
  Meter meter_;

  std::atomic<bool> interrupted_ = false;
};

}  // namespace torchwright
