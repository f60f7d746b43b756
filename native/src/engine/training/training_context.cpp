#include "engine/training/training_context.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include "engine/network/initialise.h"
#include "engine/runtime/devices.h"
#include "engine/training/precision.h"

namespace torchwright {

TrainingContext::TrainingContext(Plan given)
    : plan(std::move(given)), device(find_device(plan.device)), precision(find_precision(plan.precision, device)) {
  if (plan.threads > 0) at::set_num_threads(plan.threads);
  generator = at::detail::createCPUGenerator(plan.seed);
  if (!device.is_cpu()) {
    at::Generator on_device = at::globalContext().defaultGenerator(device);
    on_device.set_current_seed(plan.seed);
  }
  network = std::make_unique<Network>(plan.network, generator);
  channels_last = plan.channels_last.value_or(network->has_convolution());
  network->to(device, channels_last);
  if (plan.averaging) average = std::make_unique<WeightAverage>(*plan.averaging, network->store());
  data = std::make_unique<const DataSplits>(plan, device, channels_last);
  const BatchSource& train = data->train();
  const auto batch = [&train](std::int64_t first, std::int64_t last) { return train.plain_batch(first, last).images; };
  initialise_from_samples(plan.network, network->store(), {train.split().samples(), batch});
}

std::int64_t TrainingContext::training_positions() const {
  const std::int64_t positions = data->train().positions();
  return plan.drop_last ? positions / plan.batch_size * plan.batch_size : positions;
}

torch::Tensor TrainingContext::forward(const torch::Tensor& images, bool training) {
  const MixedPrecision mixed(device.type(), precision);
  return network->forward(images, generator, training).to(torch::kFloat32);
}

}  // namespace torchwright
