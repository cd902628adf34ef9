// The profiles of AppArmor, loaded and on disk, read once per run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/apparmor.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// A profile in a file that is loaded at boot, or was taken out of that by a link.
struct DiskProfile {
  formats::AppArmorProfile profile;
  std::string mode;    ///< with force-complain and disable taken into account: "complain", "disabled"
  std::string source;  ///< "/etc/apparmor.d/usr.bin.man:12", or the link that decides
};

struct AppArmorProfiles {
  /// Whether the kernel runs AppArmor. Errors: unobservable where no kernel is visible, else as reading fails.
  Result<bool> enabled = false;
  /// Name and mode of what the kernel has loaded. Errors: what reading it fails with; empty where it is off.
  Result<std::vector<formats::AppArmorLabel>> loaded = std::vector<formats::AppArmorLabel>{};
  std::vector<DiskProfile> on_disk;
  std::optional<Error> disk_error;  ///< some of the files could not be read
  formats::AppArmorVariables tunables;
};
[[nodiscard]] const AppArmorProfiles& apparmor_profiles(const sources::Sources& sources);

inline constexpr std::string_view apparmor_loaded_path = "/sys/kernel/security/apparmor/profiles";
inline constexpr std::string_view apparmor_directory = "/etc/apparmor.d";

}  // namespace plimsoll::probes
