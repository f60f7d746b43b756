#pragma once

#include <stdexcept>
#include <string>

namespace torchwright {

/// Why the engine could not do something. `code` is one of core/failure.ts, `at` the file or the path within the
/// project, `what()` one sentence for the user.
class EngineFailure : public std::runtime_error {
 public:
  EngineFailure(std::string code, const std::string& message, std::string at = {})
      : std::runtime_error(message), code(std::move(code)), at(std::move(at)) {}

  std::string code;
  std::string at;
};

/// Of a message of libtorch: after the sentence, which is for users, comes a C++ back trace.
inline std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace torchwright
