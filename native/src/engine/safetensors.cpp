#include "safetensors.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "failure.h"

namespace torchwright {
namespace {

using Json = nlohmann::json;

// The format's own limit: headers beyond 100 MB are refused by its reference reader too.
constexpr std::uint64_t kLargestHeader = 100'000'000;

struct Type {
  const char* name;
  torch::ScalarType type;
};

constexpr Type kTypes[] = {
    {"F32", torch::kFloat32}, {"F64", torch::kFloat64}, {"F16", torch::kFloat16}, {"BF16", torch::kBFloat16},
    {"I64", torch::kInt64},   {"I32", torch::kInt32},   {"I16", torch::kInt16},   {"I8", torch::kInt8},
    {"U8", torch::kUInt8},    {"BOOL", torch::kBool},
};

const char* type_name(torch::ScalarType type) {
  for (const Type& entry : kTypes)
    if (entry.type == type) return entry.name;
  throw EngineFailure("badData", std::string("safetensors has no place for tensors of type ") + torch::toString(type));
}

torch::ScalarType type_named(const std::string& name, const std::string& file) {
  for (const Type& entry : kTypes)
    if (name == entry.name) return entry.type;
  throw EngineFailure("badData", file + " holds a tensor of type " + name + ", which is not supported.", file);
}

[[noreturn]] void fail_writing(const std::string& file) {
  const bool full = errno == ENOSPC || errno == EDQUOT;
  throw EngineFailure(full ? "noSpace" : "notWritable",
                      "Cannot write " + file + ": " + std::strerror(errno) +
                          (full ? ". Free some space on this disk and resume the run." : "."),
                      file);
}

/// A file being written; closed without a word if something throws before `finish`.
class Writer {
 public:
  explicit Writer(const std::string& file)
      : file_(file), descriptor_(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
    if (descriptor_ < 0) fail_writing(file_);
  }
  ~Writer() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void write(const void* data, std::size_t bytes) {
    const char* next = static_cast<const char*>(data);
    while (bytes > 0) {
      const ssize_t written = ::write(descriptor_, next, bytes);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail_writing(file_);
      next += written;
      bytes -= static_cast<std::size_t>(written);
    }
  }

  void finish() {
    if (::fsync(descriptor_) != 0) fail_writing(file_);
    const int descriptor = descriptor_;
    descriptor_ = -1;
    if (::close(descriptor) != 0) fail_writing(file_);
  }

 private:
  std::string file_;
  int descriptor_;
};

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw EngineFailure("badData", file + " is not a readable safetensors file: " + why + ".", file);
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

Json read_header(std::FILE* stream, std::uint64_t size, const std::string& file) {
  std::uint64_t length = 0;
  if (std::fread(&length, sizeof length, 1, stream) != 1) refuse(file, "it is shorter than a header");
  if (length > kLargestHeader || length > size - sizeof length) refuse(file, "its header is longer than the file");
  std::string text(length, '\0');
  if (std::fread(text.data(), 1, length, stream) != length) refuse(file, "its header is cut off");
  Json header = Json::parse(text, nullptr, false);
  if (!header.is_object()) refuse(file, "its header is not JSON");
  return header;
}

torch::Tensor read_tensor(std::FILE* stream, const Json& entry, std::uint64_t data_start, std::uint64_t data_bytes,
                          const std::string& name, const std::string& file) {
  const auto shape = entry.at("shape").get<std::vector<std::int64_t>>();
  const auto offsets = entry.at("data_offsets").get<std::vector<std::uint64_t>>();
  const torch::ScalarType type = type_named(entry.at("dtype").get<std::string>(), file);
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_bytes)
    refuse(file, "the place of tensor '" + name + "' lies outside the file");
  std::uint64_t elements = 1;
  for (const std::int64_t size : shape) {
    if (size < 0 || (size > 0 && elements > data_bytes / static_cast<std::uint64_t>(size) + 1))
      refuse(file, "tensor '" + name + "' has an impossible shape");
    elements *= static_cast<std::uint64_t>(size);
  }
  const std::uint64_t bytes = offsets[1] - offsets[0];
  if (elements * torch::elementSize(type) != bytes)
    refuse(file, "the size of tensor '" + name + "' does not fit its shape");
  torch::Tensor tensor = torch::empty(shape, type);
  if (std::fseek(stream, static_cast<long>(data_start + offsets[0]), SEEK_SET) != 0 ||
      (bytes > 0 && std::fread(tensor.data_ptr(), 1, bytes, stream) != bytes))
    refuse(file, "tensor '" + name + "' is cut off");
  return tensor;
}

}  // namespace

void write_safetensors(const std::string& file, const NamedTensors& tensors,
                       const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    const std::uint64_t bytes = tensor.nbytes();
    header[name] = {{"dtype", type_name(tensor.scalar_type())},
                    {"shape", tensor.sizes().vec()},
                    {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // tensors start at a multiple of eight bytes

  Writer writer(file);
  const std::uint64_t length = text.size();
  writer.write(&length, sizeof length);
  writer.write(text.data(), text.size());
  for (const auto& [name, tensor] : tensors) {
    const torch::Tensor plain = tensor.detach().to(torch::kCPU).contiguous();
    writer.write(plain.data_ptr(), plain.nbytes());
  }
  writer.finish();
}

TensorFile read_safetensors(const std::string& file) {
  const File stream(std::fopen(file.c_str(), "rb"));
  if (!stream) throw EngineFailure("notFound", "Cannot open " + file + ": " + std::strerror(errno) + ".", file);
  std::fseek(stream.get(), 0, SEEK_END);
  const auto size = static_cast<std::uint64_t>(std::ftell(stream.get()));
  std::rewind(stream.get());
  if (size < sizeof(std::uint64_t)) refuse(file, "it is shorter than a header");

  TensorFile content;
  try {
    const Json header = read_header(stream.get(), size, file);
    const auto data_start = static_cast<std::uint64_t>(std::ftell(stream.get()));
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__")
        content.metadata = entry.get<std::map<std::string, std::string>>();
      else
        content.tensors[name] = read_tensor(stream.get(), entry, data_start, size - data_start, name, file);
    }
  } catch (const Json::exception&) {
    refuse(file, "its header does not describe tensors");
  }
  return content;
}

}  // namespace torchwright
