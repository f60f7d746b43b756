#include "engine/data/dataset.h"

#include <zlib.h>

#include <array>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <memory>

#include "engine/formats/array_file.h"
#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

constexpr std::uint32_t kIdxImages = 0x00000803;               // unsigned bytes, three dimensions
constexpr std::uint32_t kIdxLabels = 0x00000801;               // unsigned bytes, one dimension
constexpr std::int64_t kLargestSplit = std::int64_t{1} << 36;  // bytes; a header asking for more is damage
constexpr std::int64_t kCifarPixels = 3 * 32 * 32;

struct CloseGzip {
  void operator()(gzFile file) const { gzclose(file); }
};
using GzipFile = std::unique_ptr<std::remove_pointer_t<gzFile>, CloseGzip>;

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw EngineFailure("badData", file + ": " + why + ".", file);
}

/// zlib reads plain files as they are and gzipped ones unpacked.
GzipFile open_file(const std::string& file) {
  GzipFile stream(gzopen(file.c_str(), "rb"));
  if (!stream || !std::filesystem::is_regular_file(file))
    throw EngineFailure("notFound", "There is no readable file " + file + ".", file);
  gzbuffer(stream.get(), 1 << 20);
  return stream;
}

/// Bytes read: fewer than asked at the end of the file or of a cut-off archive.
std::int64_t read_bytes(gzFile stream, std::uint8_t* to, std::int64_t bytes) {
  std::int64_t done = 0;
  while (done < bytes) {
    const auto chunk = static_cast<unsigned>(std::min<std::int64_t>(bytes - done, 1 << 30));
    const int count = gzread(stream, to + done, chunk);
    if (count <= 0) break;
    done += count;
  }
  return done;
}

bool at_end(gzFile stream) {
  std::uint8_t extra = 0;
  return gzread(stream, &extra, 1) == 0;
}

std::uint32_t big_endian(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

std::string describe_magic(std::uint32_t magic) {
  if (magic == kIdxImages) return "an IDX file of images";
  if (magic == kIdxLabels) return "an IDX file of labels";
  char text[48];
  std::snprintf(text, sizeof text, "no IDX file of bytes (it starts with %08x)", magic);
  return text;
}

std::string dimensions_text(const std::vector<std::int64_t>& sizes) {
  std::string text;
  for (const std::int64_t size : sizes) text += (text.empty() ? "" : " × ") + std::to_string(size);
  return text;
}

torch::Tensor read_idx(const std::string& file, std::uint32_t expected) {
  const GzipFile stream = open_file(file);
  std::array<std::uint8_t, 16> header{};
  const std::int64_t dimensions = expected & 0xff;
  if (read_bytes(stream.get(), header.data(), 4) != 4) refuse(file, "it is truncated: its IDX header is incomplete");
  const std::uint32_t magic = big_endian(header.data());
  if (magic != expected) refuse(file, "expected " + describe_magic(expected) + ", found " + describe_magic(magic));
  if (read_bytes(stream.get(), header.data() + 4, 4 * dimensions) != 4 * dimensions)
    refuse(file, "it is truncated: its IDX header is incomplete");

  std::vector<std::int64_t> sizes;
  std::int64_t bytes = 1;
  for (std::int64_t dimension = 0; dimension < dimensions; ++dimension) {
    sizes.push_back(big_endian(header.data() + 4 + 4 * dimension));
    if (sizes.back() == 0) refuse(file, "its header declares no elements (" + dimensions_text(sizes) + ")");
    if (bytes > kLargestSplit / sizes.back()) refuse(file, "its header declares an impossible size");
    bytes *= sizes.back();
  }
  // Plain files are measured before memory is taken for what the header claims.
  if (gzdirect(stream.get()) &&
      static_cast<std::int64_t>(std::filesystem::file_size(file)) < 4 + 4 * dimensions + bytes)
    refuse(file, "it is truncated: its header promises " + dimensions_text(sizes) + " bytes, it holds " +
                     std::to_string(static_cast<std::int64_t>(std::filesystem::file_size(file)) - 4 - 4 * dimensions));
  torch::Tensor tensor = torch::empty(sizes, torch::kUInt8);
  const std::int64_t found = read_bytes(stream.get(), tensor.data_ptr<std::uint8_t>(), bytes);
  if (found != bytes)
    refuse(file, "it is truncated or damaged: its header promises " + dimensions_text(sizes) + " bytes, " +
                     std::to_string(found) + " could be read");
  if (!at_end(stream.get())) refuse(file, "it is longer than its header declares (" + dimensions_text(sizes) + ")");
  return tensor;
}

void check_labels(const torch::Tensor& labels, std::int64_t classes, const std::string& file, std::int64_t first = 0) {
  const std::uint8_t* label = labels.data_ptr<std::uint8_t>();
  for (std::int64_t index = 0; index < labels.size(0); ++index) {
    if (label[index] >= classes)
      refuse(file, "label " + std::to_string(label[index]) + " of image " + std::to_string(first + index) +
                       " is out of range: the data set has " + std::to_string(classes) + " classes (0 to " +
                       std::to_string(classes - 1) + ")");
  }
}

Split read_idx_split(const SplitFiles& files, std::int64_t classes) {
  const torch::Tensor images = read_idx(files.images, kIdxImages);
  const torch::Tensor labels = read_idx(files.labels, kIdxLabels);
  if (images.size(0) != labels.size(0))
    refuse(files.labels, "it holds " + std::to_string(labels.size(0)) + " labels for the " +
                             std::to_string(images.size(0)) + " images of " + files.images);
  check_labels(labels, classes, files.labels);
  return {images.unsqueeze(1), labels.to(torch::kInt64), false};
}

Split read_cifar_split(const SplitFiles& files, std::int64_t classes) {
  constexpr std::int64_t record = 1 + kCifarPixels;
  std::vector<std::int64_t> counts;
  std::int64_t samples = 0;
  for (const std::string& file : files.files) {
    if (!std::filesystem::is_regular_file(file))
      throw EngineFailure("notFound", "There is no readable file " + file + ".", file);
    const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(file));
    if (bytes == 0 || bytes % record != 0)
      refuse(file, "it is truncated or not a CIFAR-10 binary: " + std::to_string(bytes) +
                       " bytes are not a multiple of " + std::to_string(record) +
                       " (one label and 3 × 32 × 32 pixels)");
    counts.push_back(bytes / record);
    samples += bytes / record;
  }
  torch::Tensor images = torch::empty({samples, 3, 32, 32}, torch::kUInt8);
  torch::Tensor labels = torch::empty({samples}, torch::kUInt8);
  std::int64_t next = 0;
  std::array<std::uint8_t, record> buffer{};
  for (std::size_t index = 0; index < files.files.size(); ++index) {
    const std::string& file = files.files[index];
    const GzipFile stream = open_file(file);
    const std::int64_t first = next;
    for (std::int64_t count = 0; count < counts[index]; ++count, ++next) {
      if (read_bytes(stream.get(), buffer.data(), record) != record) refuse(file, "it is truncated");
      labels.data_ptr<std::uint8_t>()[next] = buffer[0];
      std::memcpy(images.data_ptr<std::uint8_t>() + next * kCifarPixels, buffer.data() + 1, kCifarPixels);
    }
    check_labels(labels.slice(0, first, next), classes, file);
  }
  return {images, labels.to(torch::kInt64), false};
}

/// What main/datasets wrote: inputs of any shape, and a label or the targets of each.
Split read_arrays(const SplitFiles& files, const PlanData& data) {
  const ArrayFile inputs = open_array(files.inputs);
  const ArrayFile targets = open_array(files.targets);
  const torch::Tensor labels = targets.is_mapped ? targets.tensor.clone() : targets.tensor;
  const bool is_regression = data.classes == 0;
  if (inputs.tensor.dim() < 2 || inputs.tensor.scalar_type() == torch::kInt64)
    refuse(files.inputs, "it holds no samples of bytes or of floats");
  if (labels.scalar_type() != (is_regression ? torch::kFloat32 : torch::kInt64))
    refuse(files.targets, is_regression ? "it holds no float targets" : "it holds no labels of classes");
  if (labels.dim() != (is_regression ? 2 : 1) || labels.size(0) != inputs.tensor.size(0))
    refuse(files.targets, "its shape " + c10::str(labels.sizes()) + " does not go with the " +
                              std::to_string(inputs.tensor.size(0)) + " samples of " + files.inputs);
  if (is_regression && labels.size(1) != data.targets)
    refuse(files.targets, "it holds " + std::to_string(labels.size(1)) + " targets a sample, expected " +
                              std::to_string(data.targets));
  if (!is_regression) {
    const auto least = labels.min().item<std::int64_t>();
    const auto greatest = labels.max().item<std::int64_t>();
    if (least < 0 || greatest >= data.classes)
      refuse(files.targets, "it holds labels from " + std::to_string(least) + " to " + std::to_string(greatest) +
                                ", the data set has " + std::to_string(data.classes) + " classes");
  }
  return {inputs.tensor, labels, inputs.is_mapped};
}

}  // namespace

Split read_split(const SplitFiles& files, const PlanData& data) {
  if (files.format == "idx") return read_idx_split(files, data.classes);
  if (files.format == "cifar10") return read_cifar_split(files, data.classes);
  if (files.format == "arrays") return read_arrays(files, data);
  throw EngineFailure("badProject", "The engine cannot read data of the format '" + files.format + "'.");
}

ChannelStatistics channel_statistics(const torch::Tensor& images) {
  const std::int64_t channels = images.size(1);
  const std::int64_t pixels = images.size(2) * images.size(3);
  std::vector<std::uint64_t> sum(channels, 0);
  std::vector<std::uint64_t> squares(channels, 0);
  const std::uint8_t* pixel = images.data_ptr<std::uint8_t>();
  for (std::int64_t sample = 0; sample < images.size(0); ++sample) {
    for (std::int64_t channel = 0; channel < channels; ++channel) {
      std::uint64_t plane_sum = 0;
      std::uint64_t plane_squares = 0;
      for (std::int64_t index = 0; index < pixels; ++index, ++pixel) {
        plane_sum += *pixel;
        plane_squares += std::uint64_t{*pixel} * *pixel;
      }
      sum[channel] += plane_sum;
      squares[channel] += plane_squares;
    }
  }
  const double count = static_cast<double>(images.size(0)) * static_cast<double>(pixels);
  ChannelStatistics statistics;
  for (std::int64_t channel = 0; channel < channels; ++channel) {
    const double mean = static_cast<double>(sum[channel]) / count;
    const double variance = static_cast<double>(squares[channel]) / count - mean * mean;
    statistics.mean.push_back(mean / 255);
    statistics.std.push_back(std::sqrt(std::max(variance, 0.0)) / 255);
  }
  return statistics;
}

}  // namespace torchwright
