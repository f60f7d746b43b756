#include "engine/formats/array_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <limits>
#include <regex>
#include <vector>

#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

constexpr std::int64_t kMappedFrom = std::int64_t{1} << 26;  // bytes; what is smaller is read as a whole
constexpr std::int64_t kLongestArrayHeader = 1 << 16;

[[noreturn]] void refuse_array(const std::string& file, const std::string& why) {
  throw EngineFailure("badData", file + ": " + why + ".", file);
}

class OpenArray {
 public:
  explicit OpenArray(const std::string& name) : descriptor_(::open(name.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat found {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &found) != 0 || !S_ISREG(found.st_mode))
      throw EngineFailure("notFound", "There is no readable file " + name + ".", name);
    bytes_ = found.st_size;
  }
  ~OpenArray() { ::close(descriptor_); }
  OpenArray(const OpenArray&) = delete;
  OpenArray& operator=(const OpenArray&) = delete;

  std::int64_t bytes() const { return bytes_; }
  int descriptor() const { return descriptor_; }

  bool read(void* to, std::int64_t bytes, std::int64_t at) const {
    auto* next = static_cast<char*>(to);
    while (bytes > 0) {
      const ssize_t count = ::pread(descriptor_, next, static_cast<std::size_t>(bytes), at);
      if (count <= 0) return false;
      next += count;
      at += count;
      bytes -= count;
    }
    return true;
  }

 private:
  int descriptor_;
  std::int64_t bytes_ = 0;
};

struct ArrayHeader {
  torch::ScalarType type = torch::kUInt8;
  std::vector<std::int64_t> sizes;
  std::int64_t data_at = 0;
};

/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html: a magic word, the version, the length of the
/// header, and the header as a Python dictionary.
ArrayHeader read_array_header(const OpenArray& from, const std::string& file) {
  unsigned char start[12]{};
  if (!from.read(start, 10, 0) || std::memcmp(start, "\x93NUMPY", 6) != 0) refuse_array(file, "it is no .npy file");
  const bool is_long = start[6] >= 2;
  if (is_long && !from.read(start, 12, 0)) refuse_array(file, "it is truncated");
  std::int64_t length = start[8] | start[9] << 8;
  if (is_long) length |= std::int64_t{start[10]} << 16 | std::int64_t{start[11]} << 24;
  if (length > kLongestArrayHeader) refuse_array(file, "its header asks for an impossible size");
  std::string text(static_cast<std::size_t>(length), ' ');
  ArrayHeader header;
  header.data_at = (is_long ? 12 : 10) + length;
  if (!from.read(text.data(), length, header.data_at - length)) refuse_array(file, "it is truncated");

  static const std::regex form(
      R"(\{'descr': '(\|u1|<i8|<f4)', 'fortran_order': False, 'shape': \(([0-9, ]*)\),? *\}\s*)");
  std::smatch match;
  if (!std::regex_match(text, match, form)) refuse_array(file, "it is not one of those an import writes: " + text);
  header.type = match[1] == "|u1" ? torch::kUInt8 : match[1] == "<i8" ? torch::kInt64 : torch::kFloat32;
  const std::string sizes = match[2];
  for (std::size_t at = 0; (at = sizes.find_first_of("0123456789", at)) != std::string::npos;) {
    const std::size_t end = std::min(sizes.find_first_not_of("0123456789", at), sizes.size());
    if (end - at > 15) refuse_array(file, "its header asks for an impossible size");
    header.sizes.push_back(std::stoll(sizes.substr(at, end - at)));
    at = end;
  }
  return header;
}

std::int64_t array_bytes(const ArrayHeader& header, const std::string& file) {
  auto bytes = static_cast<std::int64_t>(c10::elementSize(header.type));
  for (const std::int64_t size : header.sizes) {
    if (size == 0 || bytes > std::numeric_limits<std::int64_t>::max() / size)
      refuse_array(file, "its header says it is empty or impossibly large");
    bytes *= size;
  }
  return bytes;
}

torch::Tensor map_array(const OpenArray& from, const ArrayHeader& header, const std::string& file) {
  const auto length = static_cast<std::size_t>(from.bytes());
  void* start = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, from.descriptor(), 0);
  if (start == MAP_FAILED)
    throw EngineFailure("notFound", file + " cannot be mapped: " + std::strerror(errno) + ".", file);
  return torch::from_blob(
      static_cast<char*>(start) + header.data_at, header.sizes, [start, length](void*) { ::munmap(start, length); },
      torch::TensorOptions(header.type));
}

}  // namespace

ArrayFile open_array(const std::string& file) {
  const OpenArray from(file);
  const ArrayHeader header = read_array_header(from, file);
  const std::int64_t bytes = array_bytes(header, file);
  if (from.bytes() - header.data_at != bytes)
    refuse_array(file, "its header promises " + std::to_string(bytes) + " bytes, it holds " +
                           std::to_string(from.bytes() - header.data_at));
  // Elements of a mapped file can only be read in place where they are aligned; the import sees to that.
  if (bytes >= kMappedFrom && header.data_at % 64 == 0) return {map_array(from, header, file), true};
  torch::Tensor tensor = torch::empty(header.sizes, torch::TensorOptions(header.type));
  if (!from.read(tensor.data_ptr(), bytes, header.data_at)) refuse_array(file, "it cannot be read to its end");
  return {tensor, false};
}

void expect_rows(const torch::Tensor& mapped, const std::int64_t* rows, std::int64_t count) {
  static const std::int64_t page = ::sysconf(_SC_PAGESIZE);
  const std::int64_t bytes = mapped.stride(0) * static_cast<std::int64_t>(mapped.element_size());
  const auto base = reinterpret_cast<std::intptr_t>(mapped.data_ptr());
  for (std::int64_t index = 0; index < count; ++index) {
    const std::intptr_t from = base + rows[index] * bytes;
    const std::intptr_t start = from & ~static_cast<std::intptr_t>(page - 1);
    ::madvise(reinterpret_cast<void*>(start), static_cast<std::size_t>(from + bytes - start), MADV_WILLNEED);
  }
}

}  // namespace torchwright
