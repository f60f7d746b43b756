#include "engine/training/trainer.h"

#include <algorithm>
#include <cmath>

#include "engine/runtime/failure.h"
#include "engine/runtime/slowdown.h"
#include "engine/runtime/stopwatch.h"

namespace torchwright {
namespace {

using torch::Tensor;

std::map<std::size_t, std::optional<double>> rates_of_groups(const std::vector<GroupRates>& groups, std::size_t step) {
  std::map<std::size_t, std::optional<double>> rates;
  for (const GroupRates& group : groups)
    rates[group.group] = group.rates.empty() ? std::nullopt : std::optional(group.rates.at(step));
  return rates;
}

StepRates rates_at(const TrainRequest& request, std::int64_t step) {
  const auto index = static_cast<std::size_t>(step);
  const double rate = request.learning_rates[index];
  return {{rate, rates_of_groups(request.group_rates, index)},
          {request.discriminator_rates.empty() ? rate : request.discriminator_rates.at(index),
           rates_of_groups(request.discriminator_group_rates, index)},
          request.look_ahead_shares.empty() ? 0 : request.look_ahead_shares.at(index)};
}

/// The first reports of a session come sooner after one another: a training of some tenths of a second has curves too.
double seconds_before_report(std::int64_t reports) {
  return std::min(kSecondsBetweenReports, 0.005 * std::pow(1.05, static_cast<double>(reports)));
}

}  // namespace

Trainer::Trainer(TrainingContext& context, std::unique_ptr<TrainingStep> step)
    : context_(context), step_(std::move(step)), flip_turn_{context.plan.seed, /*epoch=*/0} {}

std::int64_t Trainer::steps_per_epoch() const {
  const std::int64_t accumulate = context_.plan.accumulate;
  return (step_->batches_per_epoch() + accumulate - 1) / accumulate;
}

Epoch Trainer::begin_epoch() {
  Epoch epoch;
  epoch.order = context_.data->train().draw_epoch(context_.plan.data.shuffle, context_.generator, flip_turn_);
  epoch.meter = Meter(step_->batches_per_epoch(), context_.device, step_->task());
  context_.store().forget_carried(/*training=*/true);
  return epoch;
}

std::int64_t Trainer::samples_to(std::int64_t batch) const {
  return std::min(batch * context_.plan.batch_size, context_.training_positions());
}

/// `samples_before`: those of the epoch that were done when the last `seconds` began.
EpochProgress Trainer::progress(std::int64_t samples_before, double seconds) const {
  const Meter& meter = epoch_->meter;
  const std::int64_t samples = samples_to(epoch_->batch);
  const double samples_per_second = static_cast<double>(samples - samples_before) / std::max(seconds, 1e-9);
  return {epoch_->step, steps_per_epoch(), samples, samples_per_second, meter.values(), meter.step_values()};
}

TrainOutcome Trainer::train(const TrainRequest& request, const Report<EpochProgress>& report) {
  const std::int64_t steps = steps_per_epoch();
  if (static_cast<std::int64_t>(request.learning_rates.size()) != steps)
    throw EngineFailure("internal", "An epoch has " + std::to_string(steps) + " steps, but " +
                                        std::to_string(request.learning_rates.size()) + " learning rates were given.");
  if (!epoch_) {
    epoch_ = begin_epoch();
    ++flip_turn_.epoch;
  }
  Epoch& epoch = *epoch_;

  const Stopwatch since_start;
  const std::int64_t first_step = epoch.step;
  const std::int64_t last_step =
      request.max_steps ? std::min(steps, first_step + std::max<std::int64_t>(*request.max_steps, 0)) : steps;
  Stopwatch since_report;
  std::int64_t samples_reported = samples_to(epoch.batch);
  TrainOutcome outcome;
  outcome.state = "finished";
  while (epoch.step < steps) {
    if (context_.interrupted.exchange(false)) {
      outcome.state = "interrupted";
      break;
    }
    // At least a step a call, so that the training gets on however little time it is given.
    const bool is_late =
        request.max_seconds && epoch.step > first_step && since_start.seconds() >= *request.max_seconds;
    if (epoch.step >= last_step || is_late) {
      outcome.state = "paused";
      break;
    }
    const Slowdown slowdown;
    const StepRates rates = rates_at(request, epoch.step);
    if (!step_->compute_gradients(epoch, rates)) {
      outcome.state = "diverged";
      break;
    }
    const bool is_due = report && since_report.seconds() >= seconds_before_report(reports_);
    if (is_due || epoch.step + 1 == last_step) {
      if (const auto* parameters = step_->measured_parameters()) epoch.meter.measure_step(*parameters);
    }
    step_->update(rates);
    ++epoch.step;
    if (epoch.meter.diverged_at()) break;
    if (is_due) {
      epoch.meter.fetch(/*wait=*/false);
      report(progress(samples_reported, since_report.seconds()));
      ++reports_;
      since_report.restart();
      samples_reported = samples_to(epoch.batch);
    }
  }
  epoch.meter.fetch(/*wait=*/true);
  if (epoch.meter.diverged_at()) {
    outcome.state = "diverged";
    epoch.step = *epoch.meter.diverged_at() / context_.plan.accumulate;
  }
  epoch.seconds += since_start.seconds();
  outcome.progress = progress(0, epoch.seconds);
  outcome.seconds = epoch.seconds;
  outcome.batch_losses = epoch.meter.batches("loss");
  outcome.generator_losses = epoch.meter.batches("generatorLoss");
  if (outcome.state == "finished") {
    epoch_.reset();
    if (request.average) context_.average->add();
  }
  return outcome;
}

NamedTensors Trainer::state() const {
  NamedTensors state = step_->state();
  if (context_.average) add_part(state, "average.", context_.average->state());
  state.emplace_back("generator.cpu", context_.generator.get_state());
  if (!context_.device.is_cpu()) {
    state.emplace_back("generator.device", at::globalContext().defaultGenerator(context_.device).get_state());
  }
  if (context_.plan.data.augment.flip_alternates) {
    const auto seed = static_cast<std::int64_t>(flip_turn_.seed);
    state.emplace_back("flip.turn", torch::tensor({seed, flip_turn_.epoch}, torch::kInt64));
  }
  if (!epoch_) return state;
  EpochOrder order = epoch_->order;
  for (const auto& [name, tensor] : order.parts()) {
    if (tensor->defined()) state.emplace_back("epoch." + name, *tensor);
  }
  state.emplace_back("epoch.position", torch::tensor({epoch_->batch, epoch_->step}, torch::kInt64));
  state.emplace_back("epoch.seconds", torch::tensor(epoch_->seconds, torch::kFloat64));
  add_part(state, "epoch.figures.", epoch_->meter.state());
  for (const CarriedState& carried : context_.store().carried) {
    for (std::size_t part = 0; part < carried.training.size(); ++part)
      state.emplace_back("carried." + carried.name + "." + std::to_string(part), carried.training[part]);
  }
  return state;
}

void Trainer::load_state(const std::map<std::string, Tensor>& state, const std::string& source) {
  step_->load_state(state);
  if (context_.average) context_.average->load_state(part_of(state, "average."), source);
  context_.generator.set_state(find_tensor(state, "generator.cpu", source));
  if (const auto found = state.find("generator.device"); !context_.device.is_cpu() && found != state.end()) {
    at::Generator on_device = at::globalContext().defaultGenerator(context_.device);
    on_device.set_state(found->second);
  }
  if (context_.plan.data.augment.flip_alternates) {
    const Tensor turn = find_tensor(state, "flip.turn", source);
    flip_turn_ = {static_cast<std::uint64_t>(turn[0].item<std::int64_t>()), turn[1].item<std::int64_t>()};
  }

  epoch_.reset();
  context_.store().forget_carried(/*training=*/true);
  if (state.count("epoch.order") == 0) return;
  const BatchSource& data = context_.data->train();
  EpochOrder order = data.undrawn_epoch();
  for (auto& [name, tensor] : order.parts()) {
    const auto found = state.find("epoch." + name);
    if (found != state.end()) *tensor = found->second;
  }
  for (auto& [name, choices] : order.of_changes) choices = find_tensor(state, "epoch." + name, source);
  if (order.order.size(0) != data.positions())
    throw EngineFailure("badData",
                        source + " belongs to a data set of " + std::to_string(order.order.size(0)) +
                            " images, this one has " + std::to_string(data.positions()) + ".",
                        source);
  Epoch epoch;
  const Tensor position = find_tensor(state, "epoch.position", source);
  epoch.batch = position[0].item<std::int64_t>();
  epoch.step = position[1].item<std::int64_t>();
  epoch.seconds = find_tensor(state, "epoch.seconds", source).item<double>();
  epoch.meter = Meter(step_->batches_per_epoch(), context_.device, step_->task());
  if (const auto older = state.find("epoch.metrics"); older != state.end())
    epoch.meter.load_older_state(older->second);
  else
    epoch.meter.load_state(part_of(state, "epoch.figures."));
  epoch.order = order.to(data.order_device());
  epoch_ = std::move(epoch);
  for (CarriedState& carried : context_.store().carried) {
    for (const auto& [part, tensor] : part_of(state, "carried." + carried.name + "."))
      carried.training.push_back(tensor.to(context_.device));
  }
}

}  // namespace torchwright
