// What an administrator or a package told dpkg to do otherwise than a package says: dpkg-divert(1),
// dpkg-statoverride(1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

/// The package's file is put elsewhere, so that its place is free for another.
struct DpkgDiversion {
  std::string path;
  std::string diverted_to;
  std::string package;     ///< the package that asked for it, which itself is not diverted; empty: it is local
  std::uint32_t line = 0;  ///< 1-based, of its first line
};

/// /var/lib/dpkg/diversions: three lines for each. Errors: malformed, with the line, for what dpkg refuses.
[[nodiscard]] Result<std::vector<DpkgDiversion>> parse_dpkg_diversions(std::string_view text);

/// The owner, group and mode that a path gets whatever its package says.
struct DpkgStatOverride {
  std::string path;
  std::string owner;  ///< a name, or "#" and a number
  std::string group;
  std::uint32_t mode = 0;  ///< with set-id and sticky bits
  std::uint32_t line = 0;
};

/// /var/lib/dpkg/statoverride: `owner group mode path` in each line. Errors: malformed, with the line, for what dpkg
/// refuses.
[[nodiscard]] Result<std::vector<DpkgStatOverride>> parse_dpkg_stat_overrides(std::string_view text);

}  // namespace plimsoll::formats
