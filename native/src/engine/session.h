#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adversary.h"
#include "averaging.h"
#include "batches.h"
#include "loss.h"
#include "meter.h"
#include "network.h"
#include "optimizer.h"
#include "plan.h"
#include "precision.h"
#include "weights.h"

namespace torchwright {

struct EpochProgress {
  std::int64_t step = 0;  // optimizer steps done in this epoch
  std::int64_t steps = 0;
  std::int64_t samples = 0;
  double loss = 0;  // means over the samples of this epoch so far
  double accuracy = 0;
  double samples_per_second = 0;         // since the last report
  std::optional<double> gradient_norm;   // the last one measured; see Session::train
  std::optional<Errors> errors;          // of a regression, which has no accuracy
  std::optional<double> generator_loss;  // of an adversarial training: `loss` is the discriminator's
};

struct TrainRequest {
  std::vector<double> learning_rates;       // one an optimizer step of the whole epoch
  std::vector<double> discriminator_rates;  // likewise; empty: the same
  std::optional<double> max_seconds;
  std::optional<std::int64_t> max_steps;
  bool average = false;  // the weights that the epoch ends with join the average; `ema` asks nobody
};

struct TrainOutcome {
  EpochProgress progress;
  std::string state;   // finished, paused, interrupted or diverged
  double seconds = 0;  // spent in this epoch, all calls together
  std::vector<float> batch_losses;
  std::vector<float> generator_losses;  // of an adversarial training
};

struct Predictions {
  torch::Tensor probabilities;  // float [samples, classes], CPU; of a regression the output itself
  torch::Tensor labels;         // int64 [samples], or float [samples, targets], CPU
  double loss = 0;
};

struct EvaluateOutcome {
  double loss = 0;
  double accuracy = 0;
  std::int64_t samples = 0;
  bool interrupted = false;
  std::optional<Errors> errors;            // of a regression
  std::optional<double> generator_loss;    // of an adversarial training: `loss` is the discriminator's
  std::optional<Predictions> predictions;  // what was said of every sample; not of an adversarial training
};

/// One way to look at a test image: mirrored, then shifted by so many pixels into the padding.
struct TestView {
  bool flipped = false;
  std::int64_t shift_y = 0;
  std::int64_t shift_x = 0;
};

struct FindRateRequest {
  std::vector<double> learning_rates;  // one a step, from the lowest to the highest
  double smoothing = 0;                // share of the past in the smoothed loss
  double cut_off = 0;                  // ends where the smoothed loss is so many times the least one
};

/// Losses of the steps taken, fewer than rates where it ended early.
struct RateFinding {
  std::vector<double> losses;
  std::vector<double> smoothed;
  std::string state;  // finished, cutOff, diverged or interrupted
};

enum class SplitName { train, test };

/// As the last step left them, or their average over the training.
enum class WeightsName { last, averaged };

/// One training: network, data, optimizer, and the position it has come to. All methods but `interrupt` belong to
/// one thread, the one that made the session: libtorch's number of threads and its generators are set there.
class Session {
 public:
  explicit Session(Plan plan);
  ~Session();

  /// Starts an epoch, or goes on with the one begun. `report` is called about ten times a second. The norm of the
  /// gradients is measured at the steps that are reported, and at the last one of the epoch or of `max_steps`.
  TrainOutcome train(const TrainRequest& request, const std::function<void(const EpochProgress&)>& report);
  EvaluateOutcome evaluate(SplitName split, WeightsName weights = WeightsName::last);
  Predictions predict(SplitName split, WeightsName weights = WeightsName::last);

  /// Means of the probabilities over several views of each image, float [samples, classes] on the CPU. Pixels from
  /// beyond the border are made as the recipe's crop makes them.
  torch::Tensor predict_views(SplitName split, const std::vector<TestView>& views, WeightsName weights);

  /// Trains with a rate for each step and looks at the loss (Smith 2017, "Cyclical learning rates", section 3.3), then
  /// puts everything back as it was: weights, optimizer, position, order and generators.
  RateFinding find_rate(const FindRateRequest& request, const std::function<void(const RateFinding&)>& report);

  /// Of an adversarial training: standard normal noise [samples, …] from a generator of its own, on the CPU.
  torch::Tensor draw_noise(std::int64_t samples, std::uint64_t seed);

  /// Images of noise by the generator as it is, [samples × …] or flat, float as the network makes them, on the CPU.
  /// `classes`: int64 [samples] where the training is conditional, else undefined.
  torch::Tensor generate(const torch::Tensor& noise, const torch::Tensor& classes);

  /// uint8 [count, channels, height, width] on the CPU; nothing of samples that are not images of bytes.
  torch::Tensor images(SplitName split, const std::vector<std::int64_t>& indices) const;

  /// The first `count` training images of a fresh epoch as the network would get them; by the general tensor
  /// operations instead of the CPU's own path if asked. Draws from a generator of its own.
  torch::Tensor sample_batch(std::int64_t count, bool by_tensors, std::uint64_t seed) const;

  /// The first `count` samples of a split as the network gets them, only normalised, and their labels; on the CPU.
  Batch samples(SplitName split, std::int64_t count) const;

  /// From any thread: train and evaluate return within a step.
  void interrupt() { interrupted_ = true; }

  void save_checkpoint(const std::string& directory, const std::string& metadata);
  std::string load_checkpoint(const std::string& directory);
  void save_weights(const std::string& file, WeightsName weights = WeightsName::last);
  void save_discriminator(const std::string& file);
  void load_weights(const std::string& file);

  /// Takes what has the same name and shape.
  WeightReport load_matching_weights(const std::string& file);

  ParameterStore& store() { return network_->store(); }
  const Plan& plan() const { return plan_; }
  const torch::Device& device() const { return device_; }
  std::int64_t steps_per_epoch() const;
  std::int64_t train_samples() const { return train_->positions(); }
  bool has_average() const { return average_ && average_->exists(); }
  std::int64_t test_samples() const { return test_->split().samples(); }
  const std::vector<double>& scale() const { return scale_; }
  const std::vector<double>& offset() const { return offset_; }
  static int threads();

 private:
  struct Progress;

  void load_data();
  void begin_epoch();
  bool compute_gradients();
  bool take_adversarial_step(double learning_rate, double discriminator_rate);
  Adversary& adversary();
  EvaluateOutcome evaluate_adversary(SplitName split);
  void refuse_two_networks(const std::string& what) const;
  double evaluate_again();
  void take_step(double learning_rate);
  void zero_gradients();
  bool is_channels_last() const;
  std::int64_t batches_per_epoch() const;
  Figures figures() const;
  const BatchSource& source(SplitName split) const { return split == SplitName::train ? *train_ : *test_; }
  torch::Tensor forward(const torch::Tensor& images, bool training);

  /// All that training changes beside the weights, and back. `source` is named where something is missing.
  NamedTensors training_state() const;
  void restore_training_state(const std::map<std::string, torch::Tensor>& state, const std::string& source);

  RateFinding sweep_rates(const FindRateRequest& request, const std::function<void(const RateFinding&)>& report);

  WeightAverage& average();
  bool put_in_place(WeightsName weights, std::optional<AveragedWeights>& averaged);
  bool recompute_statistics();
  template <typename Visit>
  bool for_each_batch(SplitName split, WeightsName weights, const Visit& visit);

  Plan plan_;
  torch::Device device_;
  torch::Generator generator_;  // CPU: initial weights, order, augmentation, dropout
  torch::ScalarType precision_;
  LossScaler scaler_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<WeightAverage> average_;  // null: none is asked for
  std::unique_ptr<Adversary> adversary_;    // null: the training is supervised
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
  std::vector<Batch> step_batches_;   // of the step under way, for an optimizer that evaluates them again
  double step_loss_ = 0;              // mean of their losses
  bool gradients_are_finite_ = true;  // else a float16 step is left out

  std::atomic<bool> interrupted_ = false;
};

}  // namespace torchwright
