// AppArmor: profiles on disk (apparmor.d(5)), as far as their names, attachments and modes go, and what the kernel
// lists.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

struct AppArmorProfile {
  std::string name;                             ///< as loaded: "/usr/sbin/cupsd//third_party"; variables as written
  std::string attachment;                       ///< the pattern of programs it is meant for; empty when it has none
  std::vector<std::string> flags;               ///< "complain", "attach_disconnected"
  std::uint32_t line = 0;                       ///< 1-based
  [[nodiscard]] std::string_view mode() const;  ///< enforce, complain, kill, unconfined, prompt, by its flags
};

using AppArmorVariables = std::map<std::string, std::vector<std::string>, std::less<>>;  ///< by name: "HOME"

struct AppArmorFile {
  std::vector<AppArmorProfile> profiles;
  AppArmorVariables variables;  ///< that the file sets, without those of files it includes
};
[[nodiscard]] AppArmorFile parse_apparmor_file(std::string_view text);

/// "NAME (MODE)", of /sys/kernel/security/apparmor/profiles and of /proc/PID/attr/current. Without a mode the name is
/// all there is ("unconfined").
struct AppArmorLabel {
  std::string name;
  std::string mode;
  bool operator==(const AppArmorLabel&) const = default;
};
[[nodiscard]] AppArmorLabel parse_apparmor_label(std::string_view line);
[[nodiscard]] std::vector<AppArmorLabel> parse_apparmor_labels(std::string_view text);

/// The patterns that one with variables and braces stands for; at most 64. Empty when a variable is not known.
[[nodiscard]] std::vector<std::string> expand_apparmor_pattern(std::string_view pattern,
                                                               const AppArmorVariables& variables);

/// `*` and `?` match anything but "/", `**` that too, `[…]` one character. Takes at most pattern times path steps.
[[nodiscard]] bool apparmor_pattern_matches(std::string_view pattern, std::string_view path);

}  // namespace plimsoll::formats
