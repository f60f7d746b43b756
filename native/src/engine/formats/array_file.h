#pragma once

#include <torch/torch.h>

#include <string>

namespace torchwright {

/// A tensor from one of the files that an import writes, NumPy's .npy: uint8, int64 or float32, little-endian, the last
/// dimension fastest.
struct ArrayFile {
  torch::Tensor tensor;
  bool is_mapped = false;
};

/// Small files are read; of large ones the tensor lies in the file itself and must not be written to. Throws
/// EngineFailure `badData` or `notFound` naming the file.
ArrayFile open_array(const std::string& file);

/// Asks the system to bring rows of a mapped tensor into memory before they are read.
void expect_rows(const torch::Tensor& mapped, const std::int64_t* rows, std::int64_t count);

}  // namespace torchwright
