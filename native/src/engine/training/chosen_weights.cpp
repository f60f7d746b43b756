#include "engine/training/chosen_weights.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>

#include "engine/kernels/batch_norm.h"
#include "engine/runtime/failure.h"
#include "engine/training/precision.h"

namespace torchwright {
namespace {

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
  torch::Tensor state_;
};

/// The statistics of the batch norms for the weights that are in place, as torch.optim.swa_utils.update_bn: averages
/// over one epoch of training batches, dropout and augmentation included. Draws from generators of its own, the same
/// every time. false if interrupted.
bool recompute_statistics(TrainingContext& context) {
  const torch::NoGradGuard no_grad;
  const CumulativeStatistics cumulative;
  at::Generator generator = at::detail::createCPUGenerator(0);
  const DeviceGeneratorKept kept(context.device);
  const CarriedKept carried(context.store());
  const MixedPrecision mixed(context.device.type(), context.precision);
  for (Buffer& buffer : context.store().buffers) {
    if (!buffer.tensor.is_floating_point()) buffer.tensor.zero_();
  }
  const BatchSource& source = context.data->train();
  const std::int64_t batch_size = context.plan.batch_size;
  const EpochOrder epoch = source.draw_epoch(context.plan.data.shuffle, generator, {context.plan.seed, /*epoch=*/0});
  const std::int64_t positions = context.training_positions();
  for (std::int64_t first = 0; first < positions; first += batch_size) {
    if (context.interrupted) return false;
    const Batch batch = source.training_batch(epoch, first, std::min(first + batch_size, positions));
    context.network->forward(batch.images, generator, /*training=*/true);
  }
  return true;
}

}  // namespace

ChosenWeights::ChosenWeights(TrainingContext& context, WeightsName weights) {
  if (weights == WeightsName::last) return;
  if (!context.average || !context.average->exists())
    throw EngineFailure(
        "notFound",
        "There are no averaged weights yet: the training has not reached the epoch where averaging begins.");
  averaged_.emplace(*context.average);
  if (!context.average->needs_statistics()) return;
  are_ready_ = recompute_statistics(context);
  if (are_ready_) context.average->statistics_recomputed();
}

}  // namespace torchwright
