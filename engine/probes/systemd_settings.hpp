// What can be set in the configuration files of systemd's daemons, and what holds where nothing sets it.
#pragma once

#include <span>
#include <string_view>

#include "engine/formats/systemd_config.hpp"

namespace plimsoll::probes {

struct SystemdSetting {
  std::string_view file;     ///< "journald.conf"
  std::string_view section;  ///< "Journal"
  std::string_view key;      ///< "Storage"
  formats::SystemdValue kind = formats::SystemdValue::text;
  std::string_view fallback = {};                  ///< as a normalised value; empty: none, or the build decides
  std::span<const std::string_view> allowed = {};  ///< of kind `word`
  std::string_view old_key = {};                   ///< another name for the same setting
};

/// Null when the table has none of this name.
[[nodiscard]] const SystemdSetting* find_systemd_setting(std::string_view file, std::string_view section,
                                                         std::string_view key);

}  // namespace plimsoll::probes
