// /etc/audit/auditd.conf (auditd.conf(5)).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct AuditdSetting {
  std::string value;
  std::string option;                                         ///< a second word: the program of `exec`
  std::uint32_t line = 0;                                     ///< 1-based
  std::vector<std::pair<std::uint32_t, std::string>> before;  ///< earlier lines of the same key, which do not count
};
using AuditdConf = std::map<std::string, AuditdSetting, std::less<>>;

/// "key = value" lines, the equals sign between blanks; keys in lower case, the last line of a key counts; lines of 511
/// bytes and more are passed over.
/// Errors: malformed, naming the line, where the daemon refuses the file and does not start: a line without value or
/// equals sign, a key it does not know, more words than a setting takes.
[[nodiscard]] Result<AuditdConf> parse_auditd_conf(std::string_view text);

}  // namespace plimsoll::formats
