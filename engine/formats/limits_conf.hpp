// The limits that pam_limits sets at login: limits.conf(5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

/// One line that pam_limits takes.
struct LimitLine {
  std::string domain;   ///< "*", "ann", "@wheel", "1000:", "@100:200", "%"
  bool exempt = false;  ///< "ann -": whoever it is about gets no limits at all; there is nothing else on it then
  bool soft = false;
  bool hard = false;       ///< both for the type `-`
  std::string item;        ///< "core", "nofile"; in small letters
  std::int64_t value = 0;  ///< -1: unlimited
  std::uint32_t line = 0;  ///< 1-based
};

/// Lines that pam_limits passes over after a warning are not here: of an unknown type, with a value that is no number,
/// with a range of ids that is none, with too few words.
[[nodiscard]] std::vector<LimitLine> parse_limits_conf(std::string_view text);

}  // namespace plimsoll::formats
