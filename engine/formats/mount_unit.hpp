// Mount units: systemd.mount(5), and how a path becomes a unit name (systemd-escape(1)).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plimsoll::formats {

/// "/var/tmp" to "var-tmp", "/" to "-"; bytes that a unit name cannot hold become \xNN.
[[nodiscard]] std::string unit_name_of_path(std::string_view path);

/// A setting and the line it stands on, 1-based.
struct UnitValue {
  std::string value;
  std::uint32_t line = 0;
};

/// The [Mount] section of one unit file or drop-in; what it does not set, or sets to nothing, is empty. The last
/// assignment of a file counts. `resets_options`: the last `Options=` has no value, so that those of earlier files are
/// gone.
struct MountUnit {
  std::optional<UnitValue> what;
  std::optional<UnitValue> where;
  std::optional<UnitValue> type;
  std::optional<UnitValue> options;
  bool resets_options = false;
};
[[nodiscard]] MountUnit parse_mount_unit(std::string_view text);

}  // namespace plimsoll::formats
