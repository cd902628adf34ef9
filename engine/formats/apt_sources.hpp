// Package sources of apt, in both of their formats (sources.list(5)).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct AptSource {
  std::uint32_t line = 0;          ///< 1-based, where it starts
  bool enabled = true;             ///< false: a stanza with `Enabled: no`
  std::vector<std::string> types;  ///< deb, deb-src
  std::vector<std::string> uris;
  std::vector<std::string> suites;
  std::vector<std::string> components;
  /// By the names of the deb822 format in lower case (signed-by, trusted, allow-insecure …), lines joined by line
  /// feeds.
  std::map<std::string, std::string, std::less<>> options;
};

/// The one-line format (*.list). Errors: malformed, with the line, for an entry that apt refuses: it then refuses to
/// run.
[[nodiscard]] Result<std::vector<AptSource>> parse_apt_list(std::string_view text);

/// The deb822 format (*.sources). Errors: likewise.
[[nodiscard]] Result<std::vector<AptSource>> parse_apt_sources(std::string_view text);

/// Words at blanks and line feeds.
[[nodiscard]] std::vector<std::string> apt_words(std::string_view text);

}  // namespace plimsoll::formats
