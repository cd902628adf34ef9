// The configuration of chronyd: chrony.conf(5), and its source files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

struct ChronyLine {
  std::string directive;               ///< in lower case: chronyd does not mind case
  std::vector<std::string> arguments;  ///< as written, split at blanks
  std::uint32_t line = 0;              ///< 1-based
  bool operator==(const ChronyLine&) const = default;
};

/// Each line that says something. A line that starts with one of `!;#%` is a comment; there are no comments behind a
/// directive, no quotes and no continuation.
[[nodiscard]] std::vector<ChronyLine> parse_chrony_conf(std::string_view text);

}  // namespace plimsoll::formats
