#include "engine/runtime/devices.h"

#include <ATen/Context.h>
#include <ATen/Version.h>
#include <ATen/core/ivalue.h>
#include <ATen/cpu/Utils.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <torch/version.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) == 0) {
      const auto colon = line.find(": ");
      if (colon != std::string::npos) return line.substr(colon + 2);
    }
  }
  return "CPU";
}

std::optional<std::int64_t> memory_line(const std::string& key) {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(key, 0) == 0) return std::stoll(line.substr(key.size())) * 1024;
  }
  return std::nullopt;
}

/// Names of NVIDIA cards by bus address, the order CUDA_DEVICE_ORDER=PCI_BUS_ID has; the CUDA runtime, which knows
/// better, is not linked.
std::vector<std::string> graphics_card_names() {
  std::vector<std::string> files;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", missing))
    files.push_back(entry.path() / "information");
  std::sort(files.begin(), files.end());
  std::vector<std::string> names;
  for (const std::string& name : files) {
    std::ifstream file(name);
    for (std::string line; std::getline(file, line);) {
      if (line.rfind("Model:", 0) == 0) names.push_back(line.substr(line.find_first_not_of(" \t", 6)));
    }
  }
  return names;
}

}  // namespace

std::vector<DeviceInfo> list_devices() {
  std::vector<DeviceInfo> devices;
  devices.push_back({"cpu", processor_name(), memory_line("MemTotal:"), memory_line("MemAvailable:")});
  if (!torch::cuda::is_available()) return devices;
  const auto count = static_cast<int>(torch::cuda::device_count());
  const std::vector<std::string> names = graphics_card_names();
  for (int index = 0; index < count; ++index) {
    const bool named = static_cast<std::size_t>(index) < names.size();
    DeviceInfo device{"cuda:" + std::to_string(index), named ? names[index] : "NVIDIA GPU", std::nullopt, std::nullopt};
    try {
      const auto memory = at::getDeviceAllocator(at::kCUDA)->getMemoryInfo(static_cast<c10::DeviceIndex>(index));
      device.free_memory = static_cast<std::int64_t>(memory.first);
      device.total_memory = static_cast<std::int64_t>(memory.second);
    } catch (const c10::Error&) {
      // A device that is there but does not answer stays in the list without figures.
    }
    devices.push_back(std::move(device));
  }
  return devices;
}

torch::Device find_device(const std::string& id) {
  std::string present;
  for (const DeviceInfo& device : list_devices()) {
    if (device.id == id || (id == "cuda" && device.id == "cuda:0")) return torch::Device(device.id);
    present += (present.empty() ? "" : ", ") + device.id;
  }
  throw EngineFailure("noDevice", "There is no device " + id + " here; there is: " + present + ".", "--device");
}

std::int64_t free_memory(const torch::Device& device) {
  for (const DeviceInfo& info : list_devices())
    if (torch::Device(info.id) == device) return info.free_memory.value_or(0);
  return 0;
}

std::string libtorch_version() { return TORCH_VERSION; }

std::string cuda_version() {
  if (!at::hasCUDA()) return {};
  const long version = at::detail::getCUDAHooks().versionCUDART();  // 13000 is 13.0
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

std::vector<std::string> processor_instructions() {
  std::vector<std::string> names;
#if TORCH_VERSION_MAJOR > 2 || TORCH_VERSION_MINOR >= 13
  for (const auto& [name, value] : at::cpu::get_cpu_capabilities()) {
    if (value.isBool() && value.toBool()) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
#endif
  return names;
}

std::string cpu_capability() { return at::get_cpu_capability(); }

}  // namespace torchwright
