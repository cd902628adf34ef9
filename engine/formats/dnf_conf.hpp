// Configuration of dnf: dnf.conf and *.repo, as libdnf reads them (dnf.conf(5), iniparser.cpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct DnfSetting {
  std::string section;
  std::string key;
  std::string value;       ///< lines of a continued value are joined by line feeds
  std::uint32_t line = 0;  ///< 1-based
  bool operator==(const DnfSetting&) const = default;
};

struct DnfConf {
  std::vector<std::string> sections;  ///< in file order, each once; also those without a setting
  std::vector<DnfSetting> settings;   ///< in file order; of equal keys in a section the last counts
};

/// Comments are lines that start with `#` or `;`; a line that starts with a blank continues the value above it. Errors:
/// malformed, with the line, for what libdnf refuses, and then takes nothing of the file.
[[nodiscard]] Result<DnfConf> parse_dnf_conf(std::string_view text);

/// 1, yes, true, on; 0, no, false, off, in whatever case. Empty for what libdnf refuses.
[[nodiscard]] std::optional<bool> dnf_truth(std::string_view value);

/// The words of a list value: at commas, blanks and line feeds.
[[nodiscard]] std::vector<std::string> dnf_list(std::string_view value);

}  // namespace plimsoll::formats
