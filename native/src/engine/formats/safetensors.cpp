#include "engine/formats/safetensors.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

using Json = nlohmann::json;

// The format's own limit: headers beyond 100 MB are refused by its reference reader too.
constexpr std::uint64_t kLargestHeader = 100'000'000;

// Of one tensor; their bytes are still counted by 64 bits.
constexpr std::uint64_t kMostElements = std::uint64_t{1} << 48;

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
  throw EngineFailure("badData", std::string("safetensors does not support tensors of type ") + torch::toString(type));
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
  if (std::fread(text.data(), 1, length, stream) != length) refuse(file, "its header is truncated");
  Json header = Json::parse(text, nullptr, false);
  if (!header.is_object()) refuse(file, "its header is not JSON");
  return header;
}

/// What the header says of a tensor; nothing is taken of the memory before all of them are found possible.
struct Entry {
  std::string name;
  torch::ScalarType type;
  std::vector<std::int64_t> shape;
  std::uint64_t from, to;  // within the data
};

/// The library turns fractions, negative numbers and true into whole numbers; here they are refused.
std::vector<std::uint64_t> whole_numbers(const Json& list, const std::string& file) {
  if (!list.is_array()) refuse(file, "its header does not describe tensors");
  for (const Json& item : list)
    if (!item.is_number_unsigned()) refuse(file, "its header gives a size or offset that is not a whole number");
  return list.get<std::vector<std::uint64_t>>();
}

Entry read_entry(const std::string& name, const Json& json, std::uint64_t data_bytes, const std::string& file) {
  const auto offsets = whole_numbers(json.at("data_offsets"), file);
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_bytes)
    refuse(file, "the range of tensor '" + name + "' lies outside the file");
  Entry entry{name, type_named(json.at("dtype").get<std::string>(), file), {}, offsets[0], offsets[1]};
  std::uint64_t elements = 1, room = 1;  // `room`: as if sizes of 0 were 1, since strides are products of those
  for (const std::uint64_t size : whole_numbers(json.at("shape"), file)) {
    if (size > kMostElements || room > kMostElements / std::max<std::uint64_t>(size, 1))
      refuse(file, "tensor '" + name + "' has an impossible shape");
    elements *= size;
    room *= std::max<std::uint64_t>(size, 1);
    entry.shape.push_back(static_cast<std::int64_t>(size));
  }
  if (elements * torch::elementSize(entry.type) != entry.to - entry.from)
    refuse(file, "the size of tensor '" + name + "' does not fit its shape");
  return entry;
}

/// Else a small file could ask for any amount of memory, the same bytes given to many tensors.
void refuse_overlaps(std::vector<Entry> entries, const std::string& file) {
  std::sort(entries.begin(), entries.end(), [](const Entry& one, const Entry& other) {
    return std::pair(one.from, one.to) < std::pair(other.from, other.to);
  });
  for (std::size_t next = 1; next < entries.size(); next++)
    if (entries[next].from < entries[next - 1].to)
      refuse(file, "the tensors '" + entries[next - 1].name + "' and '" + entries[next].name + "' overlap");
}

torch::Tensor read_tensor(std::FILE* stream, const Entry& entry, std::uint64_t data_start, const std::string& file) {
  torch::Tensor tensor = torch::empty(entry.shape, entry.type);
  const std::uint64_t bytes = entry.to - entry.from;
  if (std::fseek(stream, static_cast<long>(data_start + entry.from), SEEK_SET) != 0 ||
      (bytes > 0 && std::fread(tensor.data_ptr(), 1, bytes, stream) != bytes))
    refuse(file, "tensor '" + entry.name + "' is truncated");
  return tensor;
}

}  // namespace

void add_part(NamedTensors& tensors, const std::string& prefix, const NamedTensors& part) {
  for (const auto& [name, tensor] : part) tensors.emplace_back(prefix + name, tensor);
}

std::map<std::string, torch::Tensor> part_of(const std::map<std::string, torch::Tensor>& tensors,
                                             const std::string& prefix) {
  std::map<std::string, torch::Tensor> part;
  for (const auto& [name, tensor] : tensors) {
    if (name.rfind(prefix, 0) == 0) part[name.substr(prefix.size())] = tensor;
  }
  return part;
}

torch::Tensor find_tensor(const std::map<std::string, torch::Tensor>& tensors, const std::string& name,
                          const std::string& file) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) throw EngineFailure("badData", file + " holds no " + name + ": it is damaged.", file);
  return found->second;
}

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
    std::vector<Entry> entries;
    for (const auto& [name, json] : header.items()) {
      if (name == "__metadata__")
        content.metadata = json.get<std::map<std::string, std::string>>();
      else
        entries.push_back(read_entry(name, json, size - data_start, file));
    }
    refuse_overlaps(entries, file);
    for (const Entry& entry : entries) content.tensors[entry.name] = read_tensor(stream.get(), entry, data_start, file);
  } catch (const Json::exception&) {
    refuse(file, "its header does not describe tensors");
  }
  return content;
}

}  // namespace torchwright
