// The settings of the shadow tools: login.defs(5) and the defaults of useradd(8).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plimsoll::formats {

struct LoginDefsSetting {
  std::string value;
  std::uint32_t line = 0;                                     ///< 1-based
  std::vector<std::pair<std::uint32_t, std::string>> before;  ///< earlier lines of the same key, which do not count
};
using LoginDefs = std::map<std::string, LoginDefsSetting, std::less<>>;

/// /etc/login.defs: "KEY value" lines; blanks and double quotes around the value are dropped. The last line of a key
/// counts (lib/getdef.c of shadow). Keys are case-sensitive.
[[nodiscard]] LoginDefs parse_login_defs(std::string_view text);

/// /etc/default/useradd: "KEY=value" lines. Likewise.
[[nodiscard]] LoginDefs parse_useradd_defaults(std::string_view text);

}  // namespace plimsoll::formats
