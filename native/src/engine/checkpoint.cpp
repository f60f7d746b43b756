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
constexpr const char* kStateFile = "state.safetensors";
constexpr const char* kStateVersion = "1";

NamedTensors weights_of(ParameterStore& store) {
  NamedTensors tensors;
  for (const Parameter& parameter : store.parameters) tensors.emplace_back(parameter.name, parameter.tensor);
  for (const Buffer& buffer : store.buffers) tensors.emplace_back(buffer.name, buffer.tensor);
  return tensors;
}

void put_weights(ParameterStore& store, const TensorFile& content, const std::string& file) {
  const torch::NoGradGuard no_grad;
  const auto put = [&](const std::string& name, Tensor& tensor) {
    const auto found = content.tensors.find(name);
    if (found == content.tensors.end())
      throw EngineFailure("badData", file + " holds no tensor called " + name + ": it belongs to another network.",
                          file);
    if (found->second.sizes() != tensor.sizes())
      throw EngineFailure("badData",
                          file + ": " + name + " has the shape " + c10::str(found->second.sizes()) +
                              ", the network's has " + c10::str(tensor.sizes()) + ".",
                          file);
    tensor.copy_(found->second);
  };
  for (Parameter& parameter : store.parameters) put(parameter.name, parameter.tensor);
  for (Buffer& buffer : store.buffers) put(buffer.name, buffer.tensor);
}

void sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

Tensor take(const std::map<std::string, Tensor>& tensors, const std::string& name, const std::string& file) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) throw EngineFailure("badData", file + " holds no " + name + ": it is damaged.", file);
  return found->second;
}

}  // namespace

void Session::save_weights(const std::string& file) {
  write_safetensors(file, weights_of(network_->store()), {{"format", "pt"}});
}

void Session::load_weights(const std::string& file) { put_weights(network_->store(), read_safetensors(file), file); }

void Session::save_checkpoint(const std::string& directory, const std::string& metadata) {
  NamedTensors state;
  for (const auto& [name, tensor] : optimizer_->state()) state.emplace_back("optimizer." + name, tensor);
  state.emplace_back("generator.cpu", generator_.get_state());
  if (!device_.is_cpu()) {
    state.emplace_back("generator.device", at::globalContext().defaultGenerator(device_).get_state());
  }
  if (order_.order.defined()) {
    for (const auto& [name, tensor] : order_.parts()) {
      if (tensor->defined()) state.emplace_back("epoch." + name, *tensor);
    }
    state.emplace_back("epoch.position", torch::tensor({batch_, step_}, torch::kInt64));
    state.emplace_back("epoch.seconds", torch::tensor(seconds_, torch::kFloat64));
    state.emplace_back("epoch.metrics", meter_.state());
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

  std::map<std::string, Tensor> optimizer_state;
  for (const auto& [name, tensor] : content.tensors) {
    if (name.rfind("optimizer.", 0) == 0) optimizer_state[name.substr(10)] = tensor;
  }
  optimizer_->load_state(optimizer_state);
  generator_.set_state(take(content.tensors, "generator.cpu", state_file));
  if (const auto found = content.tensors.find("generator.device");
      !device_.is_cpu() && found != content.tensors.end()) {
    at::Generator on_device = at::globalContext().defaultGenerator(device_);
    on_device.set_state(found->second);
  }

  order_ = {};
  if (content.tensors.count("epoch.order") > 0) {
    EpochOrder order;
    for (auto& [name, tensor] : order.parts()) {
      const auto found = content.tensors.find("epoch." + name);
      if (found != content.tensors.end()) *tensor = found->second;
    }
    if (order.order.size(0) != train_->positions())
      throw EngineFailure("badData",
                          state_file + " belongs to a data set of " + std::to_string(order.order.size(0)) +
                              " images, this one has " + std::to_string(train_->positions()) + ".",
                          state_file);
    const Tensor position = take(content.tensors, "epoch.position", state_file);
    batch_ = position[0].item<std::int64_t>();
    step_ = position[1].item<std::int64_t>();
    seconds_ = take(content.tensors, "epoch.seconds", state_file).item<double>();
    meter_ = Meter(batches_per_epoch(), device_);
    meter_.load_state(take(content.tensors, "epoch.metrics", state_file));
    order_ = order.to(device_);
  }
  return content.metadata["torchwright"];
}

}  // namespace torchwright
