// /etc/selinux/config, as libselinux reads it (selinux_config(5)).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plimsoll::formats {

struct SelinuxSetting {
  std::string value;                                          ///< empty when no line sets it
  std::uint32_t line = 0;                                     ///< 1-based; 0 when no line sets it
  std::vector<std::pair<std::uint32_t, std::string>> others;  ///< lines of the same key that do not count
};

struct SelinuxConfig {
  SelinuxSetting mode;  ///< "enforcing", "permissive", "disabled"; the first line with one of these words counts
  SelinuxSetting type;  ///< the last line counts
};

/// Two readers with rules of their own (libselinux/src/selinux_config.c): `SELINUX=` must stand at the start of its
/// line and in capitals, and a word that merely begins with a mode is that mode; `SELINUXTYPE=` may be indented and in
/// any case.
[[nodiscard]] SelinuxConfig parse_selinux_config(std::string_view text);

}  // namespace plimsoll::formats
