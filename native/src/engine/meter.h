#pragma once

#include <torch/torch.h>

#include <optional>
#include <vector>

namespace torchwright {

/// How far a regression is off, over all numbers told, in units of the targets.
struct Errors {
  double mean_absolute = 0;
  double root_mean_square = 0;
};

/// What is told of an epoch beside its loss: right answers, how far a regression is off, or the generator's losses
/// where the loss is the discriminator's.
enum class Figures { accuracy, errors, adversarial };

/// Loss and accuracy (of a regression: errors) of an epoch, and the norm of gradients now and then. On the CPU every
/// batch is read at once. Elsewhere the figures stay on the device: a row a batch (loss; right answers, absolute
/// error or the generator's loss; squared error), fetched by a copy that is waited for only when the epoch is over.
class Meter {
 public:
  Meter() = default;
  Meter(std::int64_t batches, const torch::Device& device, Figures figures);

  /// Whether training can go on: on the CPU false if the loss is not finite. Nothing is recorded then. labels: int64
  /// [batch], or the targets of a regression, float [batch, targets].
  bool add(const torch::Tensor& loss, const torch::Tensor& output, const torch::Tensor& labels);

  /// Of an adversarial training; whether it can go on likewise.
  bool add_adversarial(const torch::Tensor& discriminator_loss, const torch::Tensor& generator_loss,
                       std::int64_t samples);

  /// One number, on the device of the meter.
  void add_gradient_norm(const torch::Tensor& norm);

  /// Brings the rows of the device here: at once if `wait`, else as far as earlier copies have arrived.
  void fetch(bool wait);

  std::int64_t samples() const { return samples_; }  // of the batches that are fetched
  double loss() const { return samples_ > 0 ? loss_sum_ / static_cast<double>(samples_) : 0; }
  double accuracy() const { return samples_ > 0 ? static_cast<double>(right_) / static_cast<double>(samples_) : 0; }
  std::optional<Errors> errors() const;          // of a regression
  std::optional<double> generator_loss() const;  // mean, of an adversarial training
  std::vector<float> batch_losses() const { return losses_; }
  std::vector<float> generator_losses() const { return generator_losses_; }

  /// Index of the first batch whose loss is not finite, among those fetched.
  std::optional<std::int64_t> diverged_at() const { return diverged_at_; }

  /// The last one fetched: elsewhere than on the CPU it may be a report older than the last one added. It is no part of
  /// the state: a resumed epoch measures its own.
  std::optional<double> gradient_norm() const { return gradient_norm_; }

  /// Everything as one double tensor on the CPU, and back. Call fetch(true) before.
  torch::Tensor state() const;
  void load_state(const torch::Tensor& state);

 private:
  void take(double loss, double figure, double square, std::int64_t samples);

  torch::Device device_ = torch::kCPU;
  Figures figures_ = Figures::accuracy;
  torch::Tensor rows_;          // device: [batches, 3]
  torch::Tensor arrived_;       // pinned: copy under way
  torch::Tensor norm_;          // device: the last norm added, if it is not fetched
  torch::Tensor arrived_norm_;  // pinned: copy under way, if one of it is
  std::optional<c10::Event> copied_;
  std::int64_t copy_end_ = 0;
  std::int64_t added_ = 0;
  std::vector<std::int64_t> batch_samples_;
  std::vector<float> losses_;
  std::vector<float> generator_losses_;
  double loss_sum_ = 0;
  std::int64_t right_ = 0;
  double absolute_sum_ = 0;  // over the samples, of the mean over a sample's numbers
  double square_sum_ = 0;
  std::int64_t samples_ = 0;
  std::optional<std::int64_t> diverged_at_;
  std::optional<double> gradient_norm_;
};

/// Right answers of a batch, on the CPU: rows whose largest output is at the label.
std::int64_t count_right(const torch::Tensor& output, const torch::Tensor& labels);

}  // namespace torchwright
