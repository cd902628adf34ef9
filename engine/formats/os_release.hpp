// The identity of an operating system, as os-release(5) writes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct OsReleaseEntry {
  std::string key;
  std::string value;       ///< quotes and escapes resolved
  std::uint32_t line = 0;  ///< 1-based, where the assignment starts
  bool operator==(const OsReleaseEntry&) const = default;
};

/// The assignments of an os-release file, in file order, duplicates included (the last one counts, as in a shell).
/// Read as systemd reads environment files: quoted parts join, a backslash keeps the next byte, an unquoted value runs
/// to the end of its line without the white space there, `$` stays as it is. Comments and lines that assign nothing are
/// skipped. Errors: malformed, for a quote that never ends, and for a NUL byte.
[[nodiscard]] Result<std::vector<OsReleaseEntry>> parse_os_release(std::string_view text);

}  // namespace plimsoll::formats
