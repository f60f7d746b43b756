#include "engine/training/checkpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "engine/formats/safetensors.h"
#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

using torch::Tensor;
namespace fs = std::filesystem;

constexpr const char* kWeightsFile = "model.safetensors";
constexpr const char* kAveragedFile = "averaged.safetensors";
constexpr const char* kAveragedWeights = "average.weights.";  // prefix of their names in the state
constexpr const char* kStateFile = "state.safetensors";
constexpr const char* kStateVersion = "1";

void sync_directory(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

Checkpoint::Checkpoint(TrainingContext& context, Trainer& trainer) : context_(context), trainer_(trainer) {}

void Checkpoint::save_weights(const std::string& file, WeightsName weights) {
  const ChosenWeights chosen(context_, weights);
  if (!chosen.are_ready()) throw EngineFailure("internal", "Writing the weights was interrupted.");
  write_safetensors(file, weights_of(context_.store()), {{"format", "pt"}});
}

void Checkpoint::load_weights(const std::string& file) {
  put_weights(context_.store(), read_safetensors(file).tensors, file);
}

WeightReport Checkpoint::load_matching_weights(const std::string& file) {
  return put_matching_weights(context_.store(), read_safetensors(file).tensors);
}

void Checkpoint::save(const std::string& directory, const std::string& metadata) {
  // Averaged weights lie in a file of their own, by PyTorch's names, for whoever wants nothing else.
  NamedTensors state;
  NamedTensors averaged;
  for (const auto& [name, tensor] : trainer_.state()) {
    if (name.rfind(kAveragedWeights, 0) != 0)
      state.emplace_back(name, tensor);
    else
      averaged.emplace_back(name.substr(std::strlen(kAveragedWeights)), tensor);
  }
  const fs::path target(directory);
  fs::path temporary = target.parent_path() / ".";
  temporary += target.filename();
  temporary += ".part";
  try {
    fs::remove_all(temporary);
    fs::create_directories(temporary);
    const auto write_weights = [&](const std::string& name, const NamedTensors& tensors) {
      write_safetensors((temporary / name).string(), tensors, {{"format", "pt"}});
    };
    write_weights(kWeightsFile, weights_of(context_.store()));
    for (const auto& [name, store] : trainer_.step().other_networks()) write_weights(name, weights_of(*store));
    if (!averaged.empty()) write_weights(kAveragedFile, averaged);
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

std::string Checkpoint::load(const std::string& directory) {
  const fs::path from(directory);
  const std::string state_file = (from / kStateFile).string();
  TensorFile content = read_safetensors(state_file);
  if (content.metadata["version"] != kStateVersion)
    throw EngineFailure("badData", state_file + " was written by another version of the engine.", state_file);
  load_weights((from / kWeightsFile).string());
  for (const auto& [name, store] : trainer_.step().other_networks()) {
    const std::string file = (from / name).string();
    put_weights(*store, read_safetensors(file).tensors, file);
  }
  const fs::path averaged_file = from / kAveragedFile;
  if (fs::exists(averaged_file)) {
    const TensorFile averaged = read_safetensors(averaged_file.string());
    for (const auto& [name, tensor] : averaged.tensors) content.tensors[kAveragedWeights + name] = tensor;
  }
  trainer_.load_state(content.tensors, state_file);
  return content.metadata["torchwright"];
}

}  // namespace torchwright
