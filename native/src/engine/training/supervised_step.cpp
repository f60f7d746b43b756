#include "engine/training/supervised_step.h"

#include <algorithm>

#include "engine/runtime/step_profile.h"

namespace torchwright {

using torch::Tensor;

SupervisedStep::SupervisedStep(TrainingContext& context)
    : context_(context),
      loss_(context.plan.loss, context.plan.data.classes, context.device),
      scaler_(context.precision, context.plan.loss_scale, context.device),
      optimizer_(make_optimizer(context.plan.optimizer, context.store())) {}

std::int64_t SupervisedStep::batches_per_epoch() const {
  const std::int64_t batch_size = context_.plan.batch_size;
  return (context_.training_positions() + batch_size - 1) / batch_size;
}

Task SupervisedStep::task() const { return supervised_task(context_.plan); }

bool SupervisedStep::compute_gradients(Epoch& epoch, const StepRates& rates) {
  optimizer_->choose_trained(rates.network);
  // Before the forward pass, which changes running statistics.
  if (looks_ahead() && !context_.average->exists()) context_.average->add();
  const Plan& plan = context_.plan;
  const BatchSource& source = context_.data->train();
  const std::int64_t end = std::min(epoch.batch + plan.accumulate, batches_per_epoch());
  const auto share = static_cast<double>(end - epoch.batch);
  batches_.clear();
  mean_loss_ = 0;
  for (; epoch.batch < end; ++epoch.batch) {
    const std::int64_t first = epoch.batch * plan.batch_size;
    const Batch batch =
        source.training_batch(epoch.order, first, std::min(first + plan.batch_size, source.positions()));
    const Tensor output = context_.forward(batch.images, /*training=*/true);
    const Tensor loss = compute_loss(output, batch.labels);
    if (!epoch.meter.add(measured(loss_, loss, output, batch.labels))) {
      forget_gradients();
      return false;
    }
    if (!loss.requires_grad()) continue;  // nothing is trained in this step
    if (optimizer_->evaluates_again()) {
      batches_.push_back(batch);
      mean_loss_ += loss.item<double>() / share;
    }
    const TimedPart timed(StepPart::loss, /*is_backward=*/true);
    scaler_.scale(share > 1 ? loss / share : loss).backward();
  }
  gradients_are_finite_ = scaler_.unscale(optimizer_->parameters());
  return true;
}

Tensor SupervisedStep::compute_loss(const Tensor& output, const Tensor& labels) const {
  const TimedPart timed(StepPart::loss);
  return loss_(output, labels);
}

const std::vector<Tensor>* SupervisedStep::measured_parameters() const { return &optimizer_->parameters(); }

void SupervisedStep::update(const StepRates& rates) {
  const TimedPart timed(StepPart::optimizer);
  if (gradients_are_finite_) {
    if (context_.plan.clip) clip_gradients(*context_.plan.clip, optimizer_->parameters());
    optimizer_->step(rates.network, {mean_loss_, [this] { return evaluate_again(); }});
  }
  forget_gradients();
  const auto& averaging = context_.plan.averaging;
  if (averaging && averaging->kind == "ema") context_.average->add();
  if (looks_ahead() && rates.look_ahead_share > 0) context_.average->look_ahead(rates.look_ahead_share);
}

bool SupervisedStep::looks_ahead() const {
  const auto& averaging = context_.plan.averaging;
  return averaging && averaging->kind == "lookahead";
}

/// L-BFGS's closure: loss and gradients of the step's batches once more. Dropout is drawn anew.
double SupervisedStep::evaluate_again() {
  const at::AutoGradMode with_gradients(true);
  forget_gradients();
  double sum = 0;
  for (const Batch& batch : batches_) {
    const Tensor output = context_.forward(batch.images, /*training=*/true);
    const Tensor loss = compute_loss(output, batch.labels) / static_cast<double>(batches_.size());
    const TimedPart timed(StepPart::loss, /*is_backward=*/true);
    loss.backward();
    sum += loss.item<double>();
  }
  if (context_.plan.clip) clip_gradients(*context_.plan.clip, optimizer_->parameters());
  return sum;
}

void SupervisedStep::forget_gradients() { torchwright::forget_gradients(*optimizer_); }

NamedTensors SupervisedStep::state() const {
  NamedTensors state;
  add_part(state, "optimizer.", optimizer_->state());
  add_part(state, "loss_scale.", scaler_.state());
  return state;
}

void SupervisedStep::load_state(const std::map<std::string, Tensor>& state) {
  optimizer_->load_state(part_of(state, "optimizer."));
  scaler_.load_state(part_of(state, "loss_scale."));
}

}  // namespace torchwright
