#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace torchwright {

struct DeviceInfo {
  std::string id;  // cpu, cuda:0
  std::string name;
  std::optional<std::int64_t> total_memory;  // bytes
  std::optional<std::int64_t> free_memory;
};

/// The CPU first, then each GPU that libtorch can use.
std::vector<DeviceInfo> list_devices();

/// Throws EngineFailure `noDevice` naming those that are there.
torch::Device find_device(const std::string& id);

/// Bytes; 0 where not known.
std::int64_t free_memory(const torch::Device& device);

std::string libtorch_version();
/// Of the CUDA libtorch was built with; empty for a CPU build.
std::string cuda_version();
/// What the processor can compute with, by the names of libtorch's cpuinfo: avx2, avx512_bf16, amx_bf16, neon …
std::vector<std::string> processor_instructions();
/// Vector instructions libtorch computes with: AVX2, AVX512 …
std::string cpu_capability();

}  // namespace torchwright
