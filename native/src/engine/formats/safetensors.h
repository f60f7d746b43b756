#pragma once

#include <torch/torch.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace torchwright {

/// Tensors by name, in the order they are written.
using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// Appends tensors whose names get a prefix.
void add_part(NamedTensors& tensors, const std::string& prefix, const NamedTensors& part);

/// Those whose names begin with the prefix, without it.
std::map<std::string, torch::Tensor> part_of(const std::map<std::string, torch::Tensor>& tensors,
                                             const std::string& prefix);

/// Throws EngineFailure `badData`, naming `file`, where there is no tensor of this name.
torch::Tensor find_tensor(const std::map<std::string, torch::Tensor>& tensors, const std::string& name,
                          const std::string& file);

struct TensorFile {
  std::map<std::string, torch::Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// Writes a safetensors file (8 bytes header length, JSON header, raw little-endian bytes) and syncs it to disk.
/// Throws EngineFailure `noSpace` or `notWritable` with the file's name.
void write_safetensors(const std::string& file, const NamedTensors& tensors,
                       const std::map<std::string, std::string>& metadata);

/// Reads a whole safetensors file into CPU tensors. Throws EngineFailure `badData` on anything malformed.
TensorFile read_safetensors(const std::string& file);

}  // namespace torchwright
