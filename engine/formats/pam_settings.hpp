// The configuration files of PAM modules: pwquality.conf(5), faillock.conf(5), pwhistory.conf(5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

struct PamSetting {
  std::string name;
  std::string value;       ///< empty when only the name is written
  std::uint32_t line = 0;  ///< 1-based
};

struct PamSettings {
  std::vector<PamSetting> settings;       ///< in file order
  std::optional<std::uint32_t> too_long;  ///< the line at which libpwquality stops reading; the rest is not here
};

/// pwquality.conf and faillock.conf: "name = value", "name value" or a name alone; `#` begins a comment anywhere.
/// `max_line` is the longest line that the program takes, its end included; 0: any.
[[nodiscard]] PamSettings parse_pam_settings(std::string_view text, std::size_t max_line = 0);

/// pwhistory.conf, and login.defs as PAM modules read it (pam_modutil_search_key(3)): of equal names, in any case of
/// letters, the first line counts.
[[nodiscard]] std::optional<PamSetting> find_pam_key(std::string_view text, std::string_view key);

/// A number as scanf(3) with `%u` or `%hu` takes it: what follows the digits does not matter, and a negative one turns
/// around at the end of the type's `bits`. Empty when there is no digit.
[[nodiscard]] std::optional<std::int64_t> scan_unsigned(std::string_view text, unsigned bits);

/// A number as strtol(3) takes it: what follows the digits does not matter; 0 without digits.
[[nodiscard]] std::int64_t leading_integer(std::string_view text);

}  // namespace plimsoll::formats
