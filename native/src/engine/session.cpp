#include "session.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>

#include "allocator.h"
#include "batch_norm.h"
#include "devices.h"
#include "failure.h"
#include "gradient_norm.h"

namespace torchwright {

using torch::Tensor;
using Clock = std::chrono::steady_clock;

namespace {

constexpr double kReportEvery = 0.1;  // seconds

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// A mapped split stays in its file where the device is the CPU, or has no room for it beside the training itself.
Split to_device(const Split& split, const torch::Device& device) {
  if (split.is_mapped) {
    const auto bytes = static_cast<std::int64_t>(split.images.nbytes());
    if (device.is_cpu() || bytes > free_memory(device) / 2) return split;
  }
  return {split.images.to(device), split.labels.to(device), false};
}

/// While it lives, a GPU's generator draws what it always draws from seed 0; afterwards it goes on where it was.
class DeviceGeneratorKept {
 public:
  explicit DeviceGeneratorKept(const torch::Device& device) {
    if (device.is_cpu()) return;
    generator_ = at::globalContext().defaultGenerator(device);
    state_ = generator_.get_state();
    generator_.set_current_seed(0);
  }
  ~DeviceGeneratorKept() {
    if (state_.defined()) generator_.set_state(state_);
  }
  DeviceGeneratorKept(const DeviceGeneratorKept&) = delete;
  DeviceGeneratorKept& operator=(const DeviceGeneratorKept&) = delete;

 private:
  at::Generator generator_;
  Tensor state_;
};

}  // namespace

int Session::threads() { return at::get_num_threads(); }

Session::Session(Plan plan)
    : plan_(std::move(plan)),
      device_(find_device(plan_.device)),
      precision_(find_precision(plan_.precision, device_)),
      scaler_(precision_, plan_.loss_scale, device_) {
  use_caching_allocator();
  if (plan_.threads > 0) at::set_num_threads(plan_.threads);
  generator_ = at::detail::createCPUGenerator(plan_.seed);
  if (!device_.is_cpu()) {
    at::Generator on_device = at::globalContext().defaultGenerator(device_);
    on_device.set_current_seed(plan_.seed);
  }
  network_ = std::make_unique<Network>(plan_.network, generator_);
  network_->to(device_, is_channels_last());
  optimizer_ = make_optimizer(plan_.optimizer, network_->store());
  if (plan_.adversarial)
    adversary_ = std::make_unique<Adversary>(*plan_.adversarial, plan_.loss, plan_.data.classes, generator_, device_);
  if (plan_.averaging) average_ = std::make_unique<WeightAverage>(*plan_.averaging, network_->store());
  loss_ = std::make_unique<Loss>(plan_.loss, plan_.data.classes, device_);
  load_data();
}

Session::~Session() {
  average_.reset();
  adversary_.reset();
  network_.reset();
  optimizer_.reset();
  train_.reset();
  test_.reset();
  order_ = {};
  release_cached_memory();
}

void Session::load_data() {
  const Split train = read_split(plan_.data.train, plan_.data);
  const Split test = read_split(plan_.data.test, plan_.data);
  for (const auto& [split, files] : {std::pair(&train, &plan_.data.train), std::pair(&test, &plan_.data.test)}) {
    const auto shape = split->images.sizes().slice(1).vec();
    if (shape != plan_.input_shape)
      throw EngineFailure(
          "badData",
          "The samples are " + c10::str(shape) + ", but the network was made for " + c10::str(plan_.input_shape) + ".",
          !files->files.empty()   ? files->files.at(0)
          : files->images.empty() ? files->inputs
                                  : files->images);
  }
  if (plan_.data.compute_normalisation) {
    if (train.images.scalar_type() != torch::kUInt8)
      throw EngineFailure("badProject", "Mean and deviation of a table are computed when it is imported.",
                          "data.normalise");
    const ChannelStatistics statistics = channel_statistics(train.images);
    for (std::size_t channel = 0; channel < statistics.mean.size(); ++channel) {
      if (statistics.std[channel] == 0)
        throw EngineFailure("badData", "All training images have the same value in channel " + std::to_string(channel) +
                                           ": a z-score cannot be computed. Give mean and std in data.normalise.");
      scale_.push_back(1 / (255 * statistics.std[channel]));
      offset_.push_back(-statistics.mean[channel] / statistics.std[channel]);
    }
  } else {
    scale_ = plan_.data.scale;
    offset_ = plan_.data.offset;
  }
  const bool channels_last = is_channels_last();
  train_ = std::make_unique<BatchSource>(to_device(train, device_), scale_, offset_, plan_.data.augment, channels_last,
                                         device_);
  test_ =
      std::make_unique<BatchSource>(to_device(test, device_), scale_, offset_, Augmentation{}, channels_last, device_);
}

bool Session::is_channels_last() const { return plan_.channels_last.value_or(network_->has_convolution()); }

Figures Session::figures() const {
  if (adversary_) return Figures::adversarial;
  return plan_.data.classes == 0 ? Figures::errors : Figures::accuracy;
}

std::int64_t Session::batches_per_epoch() const {
  if (plan_.adversarial && plan_.adversarial->iterations) return *plan_.adversarial->iterations;
  return (train_->positions() + plan_.batch_size - 1) / plan_.batch_size;
}

std::int64_t Session::steps_per_epoch() const {
  return (batches_per_epoch() + plan_.accumulate - 1) / plan_.accumulate;
}

void Session::begin_epoch() {
  order_ = train_->draw_epoch(plan_.data.shuffle, generator_);
  batch_ = 0;
  step_ = 0;
  seconds_ = 0;
  meter_ = Meter(batches_per_epoch(), device_, figures());
  network_->store().forget_carried(/*training=*/true);
}

void Session::zero_gradients() {
  for (const Tensor& parameter : optimizer_->parameters()) {
    // Without a gradient the backward pass hands over its own tensor instead of adding to an old one.
    parameter.mutable_grad().reset();
  }
}

/// The gradients of up to `accumulate` batches, averaged. false if a loss was not finite: there are none then.
bool Session::compute_gradients() {
  const std::int64_t end = std::min(batch_ + plan_.accumulate, batches_per_epoch());
  const auto share = static_cast<double>(end - batch_);
  step_batches_.clear();
  step_loss_ = 0;
  for (; batch_ < end; ++batch_) {
    const std::int64_t first = batch_ * plan_.batch_size;
    const Batch batch = train_->training_batch(order_, first, std::min(first + plan_.batch_size, train_->positions()));
    const Tensor output = forward(batch.images, /*training=*/true);
    const Tensor loss = (*loss_)(output, batch.labels);
    if (!meter_.add(loss_->told(loss, batch.labels), output, batch.labels)) {
      zero_gradients();
      return false;
    }
    if (optimizer_->parameters().empty()) continue;
    if (optimizer_->evaluates_again()) {
      step_batches_.push_back(batch);
      step_loss_ += loss.item<double>() / share;
    }
    scaler_.scale(share > 1 ? loss / share : loss).backward();
  }
  gradients_are_finite_ = scaler_.unscale(optimizer_->parameters());
  return true;
}

/// The output in float32, whatever it was computed in.
Tensor Session::forward(const Tensor& images, bool training) {
  const MixedPrecision mixed(device_.type(), precision_);
  return network_->forward(images, generator_, training).to(torch::kFloat32);
}

/// L-BFGS's closure: loss and gradients of the step's batches once more. Dropout is drawn anew.
double Session::evaluate_again() {
  const at::AutoGradMode with_gradients(true);
  zero_gradients();
  double sum = 0;
  for (const Batch& batch : step_batches_) {
    const Tensor loss =
        (*loss_)(forward(batch.images, /*training=*/true), batch.labels) / static_cast<double>(step_batches_.size());
    loss.backward();
    sum += loss.item<double>();
  }
  if (plan_.clip) clip_gradients(*plan_.clip, optimizer_->parameters());
  return sum;
}

void Session::take_step(double learning_rate) {
  if (gradients_are_finite_) {
    if (plan_.clip) clip_gradients(*plan_.clip, optimizer_->parameters());
    optimizer_->step(learning_rate, {step_loss_, [this] { return evaluate_again(); }});
  }
  zero_gradients();
  if (plan_.averaging && plan_.averaging->kind == "ema") average_->add();
  ++step_;
}

TrainOutcome Session::train(const TrainRequest& request, const std::function<void(const EpochProgress&)>& report) {
  const std::int64_t steps = steps_per_epoch();
  if (static_cast<std::int64_t>(request.learning_rates.size()) != steps)
    throw EngineFailure("internal", "An epoch has " + std::to_string(steps) + " steps, but " +
                                        std::to_string(request.learning_rates.size()) + " learning rates were given.");
  if (!order_.order.defined()) begin_epoch();

  const Clock::time_point start = Clock::now();
  const double seconds_before = seconds_;
  const std::int64_t last_step =
      request.max_steps ? std::min(steps, step_ + std::max<std::int64_t>(*request.max_steps, 0)) : steps;
  Clock::time_point last_report = start;
  std::int64_t reported_batch = batch_;
  TrainOutcome outcome;
  outcome.state = "finished";

  const auto progress = [&] {
    const auto samples_to = [this](std::int64_t batch) {
      return std::min(batch * plan_.batch_size, train_->positions());
    };
    const double elapsed = std::max(seconds_since(last_report), 1e-9);
    return EpochProgress{step_,
                         steps,
                         samples_to(batch_),
                         meter_.loss(),
                         meter_.accuracy(),
                         static_cast<double>(samples_to(batch_) - samples_to(reported_batch)) / elapsed,
                         meter_.gradient_norm(),
                         meter_.errors(),
                         meter_.generator_loss()};
  };

  while (step_ < steps) {
    if (interrupted_.exchange(false)) {
      outcome.state = "interrupted";
      break;
    }
    if (step_ >= last_step || (request.max_seconds && seconds_since(start) >= *request.max_seconds)) {
      outcome.state = "paused";
      break;
    }
    if (adversary_) {
      const auto step = static_cast<std::size_t>(step_);
      const std::vector<double>& rates = request.learning_rates;
      const double rate = request.discriminator_rates.empty() ? rates[step] : request.discriminator_rates.at(step);
      if (!take_adversarial_step(rates[step], rate)) {
        outcome.state = "diverged";
        break;
      }
    } else if (!compute_gradients()) {
      outcome.state = "diverged";
      break;
    }
    const bool is_due = report && seconds_since(last_report) >= kReportEvery;
    if (!adversary_) {
      if (is_due || step_ + 1 == last_step) meter_.add_gradient_norm(gradient_norm(optimizer_->parameters(), device_));
      take_step(request.learning_rates[static_cast<std::size_t>(step_)]);
    }
    if (meter_.diverged_at()) {
      outcome.state = "diverged";
      break;
    }
    if (is_due) {
      meter_.fetch(/*wait=*/false);
      report(progress());
      last_report = Clock::now();
      reported_batch = batch_;
    }
  }
  meter_.fetch(/*wait=*/true);
  if (meter_.diverged_at()) {
    outcome.state = "diverged";
    step_ = *meter_.diverged_at() / plan_.accumulate;
  }
  seconds_ = seconds_before + seconds_since(start);
  last_report = start;
  reported_batch = 0;
  outcome.progress = progress();
  outcome.progress.samples_per_second = static_cast<double>(outcome.progress.samples) / std::max(seconds_, 1e-9);
  outcome.seconds = seconds_;
  outcome.batch_losses = meter_.batch_losses();
  outcome.generator_losses = meter_.generator_losses();
  if (outcome.state == "finished") {
    order_ = {};
    if (request.average) average_->add();
  }
  return outcome;
}

WeightAverage& Session::average() {
  if (!average_ || !average_->exists())
    throw EngineFailure("notFound", "There are no averaged weights: the training has not come to where they begin.");
  return *average_;
}

/// Gives the network these weights as long as `averaged` holds anything. false if interrupted.
bool Session::put_in_place(WeightsName weights, std::optional<AveragedWeights>& averaged) {
  if (weights == WeightsName::last) return true;
  averaged.emplace(average());
  if (average_->needs_statistics()) {
    if (!recompute_statistics()) return false;
    average_->statistics_recomputed();
  }
  return true;
}

/// The statistics of the batch norms for the weights that are in place, as torch.optim.swa_utils.update_bn: averages
/// over one epoch of training batches, dropout and augmentation included. Draws from generators of its own, the same
/// every time. false if interrupted.
bool Session::recompute_statistics() {
  const torch::NoGradGuard no_grad;
  const CumulativeStatistics cumulative;
  at::Generator generator = at::detail::createCPUGenerator(0);
  const DeviceGeneratorKept kept(device_);
  const CarriedKept carried(network_->store());
  const MixedPrecision mixed(device_.type(), precision_);
  for (Buffer& buffer : network_->store().buffers) {
    if (!buffer.tensor.is_floating_point()) buffer.tensor.zero_();
  }
  const EpochOrder epoch = train_->draw_epoch(plan_.data.shuffle, generator);
  for (std::int64_t first = 0; first < train_->positions(); first += plan_.batch_size) {
    if (interrupted_) return false;
    const Batch batch = train_->training_batch(epoch, first, std::min(first + plan_.batch_size, train_->positions()));
    network_->forward(batch.images, generator, /*training=*/true);
  }
  return true;
}

/// Visits plain batches in order without gradients; false if interrupted.
template <typename Visit>
bool Session::for_each_batch(SplitName split, WeightsName weights, const Visit& visit) {
  const torch::NoGradGuard no_grad;
  std::optional<AveragedWeights> averaged;
  if (!put_in_place(weights, averaged)) return false;
  const BatchSource& from = source(split);
  const std::int64_t samples = from.split().samples();
  network_->store().forget_carried(/*training=*/false);
  for (std::int64_t first = 0; first < samples; first += plan_.evaluate_batch_size) {
    if (interrupted_) return false;
    const Batch batch = from.plain_batch(first, std::min(first + plan_.evaluate_batch_size, samples));
    visit(batch, forward(batch.images, /*training=*/false), first);
  }
  return true;
}

EvaluateOutcome Session::evaluate(SplitName split, WeightsName weights) {
  if (adversary_) return evaluate_adversary(split);
  const std::int64_t samples = source(split).split().samples();
  Meter meter((samples + plan_.evaluate_batch_size - 1) / plan_.evaluate_batch_size, device_, figures());
  double not_finite = 0;
  // They stay on the device until all are there: nothing waits for a batch.
  std::vector<Tensor> probabilities;
  const bool finished = for_each_batch(split, weights, [&](const Batch& batch, const Tensor& output, std::int64_t) {
    const Tensor loss = (*loss_)(output, batch.labels);
    if (!meter.add(loss_->told(loss, batch.labels), output, batch.labels)) not_finite = loss.item<double>();
    probabilities.push_back(loss_->probabilities(output));
  });
  meter.fetch(/*wait=*/true);
  if (!finished) interrupted_ = false;
  EvaluateOutcome outcome;
  // A loss that is not finite is the answer then, not a mean over the batches that were.
  outcome.loss = not_finite != 0 ? not_finite : meter.loss();
  outcome.accuracy = meter.accuracy();
  outcome.samples = meter.samples();
  outcome.interrupted = !finished;
  outcome.errors = meter.errors();
  if (finished)
    outcome.predictions = Predictions{torch::cat(probabilities).to(torch::kCPU, torch::kFloat32).contiguous(),
                                      source(split).split().labels.cpu(), outcome.loss};
  return outcome;
}

Predictions Session::predict(SplitName split, WeightsName weights) {
  refuse_two_networks("predicts classes");
  const std::int64_t samples = source(split).split().samples();
  Predictions predictions;
  double loss_sum = 0;
  const bool finished =
      for_each_batch(split, weights, [&](const Batch& batch, const Tensor& output, std::int64_t first) {
        const Tensor probabilities = loss_->probabilities(output).to(torch::kCPU, torch::kFloat32);
        if (!predictions.probabilities.defined())
          predictions.probabilities = torch::empty({samples, probabilities.size(1)}, torch::kFloat32);
        predictions.probabilities.slice(0, first, first + probabilities.size(0)).copy_(probabilities);
        const Tensor loss = loss_->told((*loss_)(output, batch.labels), batch.labels);
        loss_sum += loss.item<double>() * static_cast<double>(probabilities.size(0));
      });
  if (!finished) {
    interrupted_ = false;
    throw EngineFailure("internal", "The prediction was interrupted.");
  }
  predictions.labels = source(split).split().labels.cpu();
  predictions.loss = loss_sum / static_cast<double>(samples);
  return predictions;
}

Batch Session::samples(SplitName split, std::int64_t count) const {
  const BatchSource& from = source(split);
  const Batch batch = from.plain_batch(0, std::min(count, from.split().samples()));
  return {batch.images.to(torch::kCPU, torch::kFloat32).contiguous(), batch.labels.cpu()};
}

torch::Tensor Session::images(SplitName split, const std::vector<std::int64_t>& indices) const {
  const Tensor& images = source(split).split().images;
  if (images.scalar_type() != torch::kUInt8) return torch::empty({0}, torch::kUInt8);
  for (const std::int64_t index : indices) {
    if (index < 0 || index >= images.size(0))
      throw EngineFailure("badUsage", "There is no image " + std::to_string(index) + "; the split has " +
                                          std::to_string(images.size(0)) + ".");
  }
  return images.index_select(0, torch::tensor(indices, torch::kInt64).to(images.device())).cpu();
}

torch::Tensor Session::sample_batch(std::int64_t count, bool by_tensors, std::uint64_t seed) const {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  const EpochOrder epoch = train_->draw_epoch(plan_.data.shuffle, generator);
  const std::int64_t last = std::min(count, train_->positions());
  const Batch batch =
      by_tensors ? train_->training_batch_by_tensors(epoch, 0, last) : train_->training_batch(epoch, 0, last);
  return batch.images.cpu().contiguous();
}

}  // namespace torchwright
