// The parts of a session that lie on disk: weights by PyTorch's names, and beside them all that is needed to go on
// exactly. See Session in session.h.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "failure.h"
#include "safetensors.h"
#include "session.h"

namespace torchwright {

using torch::Tensor;

namespace {

constexpr const char* kWeightsFile = "model.safetensors";
constexpr const char* kDiscriminatorFile = "discriminator.safetensors";
constexpr const char* kAveragedFile = "averaged.safetensors";
constexpr const char* kAveragedWeights = "average.weights.";  // prefix of their names in the state
constexpr const char* kStateFile = "state.safetensors";
constexpr const char* kStateVersion = "1";

void sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

/// Those whose names begin so, without it.
std::map<std::string, Tensor> part_of(const std::map<std::string, Tensor>& tensors, const std::string& prefix) {
  std::map<std::string, Tensor> part;
  for (const auto& [name, tensor] : tensors) {
    if (name.rfind(prefix, 0) == 0) part[name.substr(prefix.size())] = tensor;
  }
  return part;
}

Tensor take(const std::map<std::string, Tensor>& tensors, const std::string& name, const std::string& file) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) throw EngineFailure("badData", file + " holds no " + name + ": it is damaged.", file);
  return found->second;
}

}  // namespace

void Session::save_weights(const std::string& file, WeightsName weights) {
  std::optional<AveragedWeights> averaged;
  if (!put_in_place(weights, averaged)) throw EngineFailure("internal", "Writing the weights was interrupted.");
  write_safetensors(file, weights_of(network_->store()), {{"format", "pt"}});
}

void Session::save_discriminator(const std::string& file) {
  write_safetensors(file, weights_of(adversary().store()), {{"format", "pt"}});
}

WeightReport Session::load_matching_weights(const std::string& file) {
  return put_matching_weights(network_->store(), read_safetensors(file).tensors);
}

void Session::load_weights(const std::string& file) {
  put_weights(network_->store(), read_safetensors(file).tensors, file);
}

NamedTensors Session::training_state() const {
  NamedTensors state;
  for (const auto& [name, tensor] : optimizer_->state()) state.emplace_back("optimizer." + name, tensor);
  for (const auto& [name, tensor] : scaler_.state()) state.emplace_back("loss_scale." + name, tensor);
  if (average_) {
    for (const auto& [name, tensor] : average_->state()) state.emplace_back("average." + name, tensor);
  }
  if (adversary_) {
    for (const auto& [name, tensor] : adversary_->optimizer().state())
      state.emplace_back("discriminator." + name, tensor);
  }
  state.emplace_back("generator.cpu", generator_.get_state());
  if (!device_.is_cpu()) {
    state.emplace_back("generator.device", at::globalContext().defaultGenerator(device_).get_state());
  }
  if (order_.order.defined()) {
    EpochOrder order = order_;
    for (const auto& [name, tensor] : order.parts()) {
      if (tensor->defined()) state.emplace_back("epoch." + name, *tensor);
    }
    state.emplace_back("epoch.position", torch::tensor({batch_, step_}, torch::kInt64));
    state.emplace_back("epoch.seconds", torch::tensor(seconds_, torch::kFloat64));
    state.emplace_back("epoch.metrics", meter_.state());
    for (const CarriedState& carried : network_->store().carried) {
      for (std::size_t part = 0; part < carried.training.size(); ++part)
        state.emplace_back("carried." + carried.name + "." + std::to_string(part), carried.training[part]);
    }
  }
  return state;
}

void Session::save_checkpoint(const std::string& directory, const std::string& metadata) {
  // Averaged weights lie in a file of their own, by PyTorch's names, for whoever wants nothing else.
  NamedTensors state;
  NamedTensors averaged;
  for (const auto& [name, tensor] : training_state()) {
    if (name.rfind(kAveragedWeights, 0) != 0)
      state.emplace_back(name, tensor);
    else
      averaged.emplace_back(name.substr(std::strlen(kAveragedWeights)), tensor);
  }
  namespace fs = std::filesystem;
  const fs::path target(directory);
  fs::path temporary = target.parent_path() / ".";
  temporary += target.filename();
  temporary += ".part";
  try {
    fs::remove_all(temporary);
    fs::create_directories(temporary);
    write_safetensors((temporary / kWeightsFile).string(), weights_of(network_->store()), {{"format", "pt"}});
    if (adversary_) {
      write_safetensors((temporary / kDiscriminatorFile).string(), weights_of(adversary_->store()), {{"format", "pt"}});
    }
    if (!averaged.empty()) write_safetensors((temporary / kAveragedFile).string(), averaged, {{"format", "pt"}});
    write_safetensors((temporary / kStateFile).string(), state,
                      {{"version", kStateVersion}, {"torchwright", metadata}});
    sync_directory(temporary);
    fs::rename(temporary, target);
    sync_directory(target.parent_path());
  } catch (const fs::filesystem_error& error) {
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    const bool full = error.code() == std::errc::no_space_on_device;
    throw EngineFailure(full ? "noSpace" : "notWritable",
                        "Cannot write the checkpoint " + directory + ": " + error.code().message() + ".", directory);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    throw;
  }
}

std::string Session::load_checkpoint(const std::string& directory) {
  const std::filesystem::path from(directory);
  const std::string state_file = (from / kStateFile).string();
  TensorFile content = read_safetensors(state_file);
  if (content.metadata["version"] != kStateVersion)
    throw EngineFailure("badData", state_file + " was written by another version of the engine.", state_file);
  load_weights((from / kWeightsFile).string());
  if (adversary_) {
    const std::string file = (from / kDiscriminatorFile).string();
    put_weights(adversary_->store(), read_safetensors(file).tensors, file);
  }
  const std::filesystem::path averaged_file = from / kAveragedFile;
  if (std::filesystem::exists(averaged_file)) {
    const TensorFile averaged = read_safetensors(averaged_file.string());
    for (const auto& [name, tensor] : averaged.tensors) content.tensors[kAveragedWeights + name] = tensor;
  }
  restore_training_state(content.tensors, state_file);
  return content.metadata["torchwright"];
}

void Session::restore_training_state(const std::map<std::string, Tensor>& state, const std::string& source) {
  optimizer_->load_state(part_of(state, "optimizer."));
  if (adversary_) adversary_->optimizer().load_state(part_of(state, "discriminator."));
  scaler_.load_state(part_of(state, "loss_scale."));
  if (average_) average_->load_state(part_of(state, "average."), source);
  generator_.set_state(take(state, "generator.cpu", source));
  if (const auto found = state.find("generator.device"); !device_.is_cpu() && found != state.end()) {
    at::Generator on_device = at::globalContext().defaultGenerator(device_);
    on_device.set_state(found->second);
  }

  order_ = {};
  network_->store().forget_carried(/*training=*/true);
  if (state.count("epoch.order") > 0) {
    EpochOrder order;
    for (auto& [name, tensor] : order.parts()) {
      const auto found = state.find("epoch." + name);
      if (found != state.end()) *tensor = found->second;
    }
    if (order.order.size(0) != train_->positions())
      throw EngineFailure("badData",
                          source + " belongs to a data set of " + std::to_string(order.order.size(0)) +
                              " images, this one has " + std::to_string(train_->positions()) + ".",
                          source);
    const Tensor position = take(state, "epoch.position", source);
    batch_ = position[0].item<std::int64_t>();
    step_ = position[1].item<std::int64_t>();
    seconds_ = take(state, "epoch.seconds", source).item<double>();
    meter_ = Meter(batches_per_epoch(), device_, figures());
    meter_.load_state(take(state, "epoch.metrics", source));
    order_ = order.to(train_->order_device());
    for (CarriedState& carried : network_->store().carried) {
      for (const auto& [part, tensor] : part_of(state, "carried." + carried.name + "."))
        carried.training.push_back(tensor.to(device_));
    }
  }
}

}  // namespace torchwright
