// Kernel settings files: sysctl.d(5), sysctl.conf(5), and which of their lines counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace plimsoll::formats {

/// One line of a sysctl.d file.
struct SysctlLine {
  std::string key;  ///< below /proc/sys, with slashes: "net/ipv4/conf/eth0.100/rp_filter"; may be a glob
  std::optional<std::string> value;  ///< empty: the line `-key`, which only keeps globs away from the key
  std::uint32_t line = 0;            ///< 1-based
};

/// The assignments and exclusions of one file, in order. Comments start with "#" or ";". A line that is neither an
/// assignment nor an exclusion is passed over, as systemd-sysctl does after a warning.
[[nodiscard]] std::vector<SysctlLine> parse_sysctl_d(std::string_view text);

/// The path below /proc/sys that a written key means (sysctl.d(5), CONFIGURATION FORMAT): when the first separator is a
/// dot, dots and slashes change places; when it is a slash, the key stands as it is.
[[nodiscard]] std::string sysctl_key(std::string_view written);

/// A value as it would read back: white space runs become one space, octal and hexadecimal numbers decimal, and what
/// follows a leading number without being one ("1 # on") is dropped, as the kernel's integer settings do.
[[nodiscard]] std::string sysctl_value(std::string_view written);

/// White space runs to one space, none at the ends: /proc/sys separates numbers by tabs.
[[nodiscard]] std::string single_spaced(std::string_view text);

/// One assignment or exclusion with its place.
struct SysctlSetting {
  std::string key;
  std::optional<std::string> value;  ///< as written
  std::string source;                ///< "/etc/sysctl.d/10-net.conf:3"
  std::size_t file = 0;              ///< the number of the file, in the order of `add`
};

/// All settings of the files of one host, added in the order in which they are read, and what systemd-sysctl makes of
/// them (src/sysctl/sysctl.c): of equal keys the last counts; a plain key beats every glob wherever it stands; `-key`
/// keeps globs away from the key; of several globs that match, the last one written counts.
class SysctlSettings {
 public:
  void add(std::size_t file, std::string_view path, std::string_view text);

  struct Outcome {
    const SysctlSetting* setting = nullptr;  ///< what counts, an exclusion included; null: nothing names the key
    bool by_glob = false;                    ///< the key is only matched, not named
    std::vector<const SysctlSetting*> overridden{};  ///< the others that name or match the key, in reading order
  };
  /// Of a key with slashes and no wildcard. The pointers live until the next `add`.
  [[nodiscard]] Outcome of(std::string_view key) const;

 private:
  struct Option {
    std::size_t setting;  ///< index into settings_
    std::size_t written;  ///< rank in the order in which values are written
  };
  std::vector<SysctlSetting> settings_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_key_;
  std::unordered_map<std::string, Option> options_;
  std::vector<std::string> globs_;  ///< distinct
  std::size_t rank_ = 0;
};

}  // namespace plimsoll::formats
