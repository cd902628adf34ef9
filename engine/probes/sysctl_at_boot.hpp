// What leaves kernel settings set after boot: the kernel command line, systemd-sysctl or procps, then ufw.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/record.hpp"
#include "engine/formats/sysctl_d.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// The settings files of one host, read once for all keys.
class SysctlAtBoot {
 public:
  [[nodiscard]] static SysctlAtBoot read(const sources::Sources& sources);

  /// The value that the boot leaves in a key (with slashes), with its place and what it overrides; absent when nothing
  /// sets it, so that the kernel's own default stays; unreadable when a file that may decide could not be read.
  [[nodiscard]] Field of(const std::string& key) const;

 private:
  struct Late {  ///< what runs after systemd-sysctl and procps
    formats::SysctlSettings settings;
    std::optional<Error> error;
  };
  static Late read_ufw(const sources::Root& root);
  [[nodiscard]] Field from_command_line(const std::string& key) const;

  formats::SysctlSettings settings_;
  std::optional<Error> error_;        ///< of the last file that could not be read
  std::size_t last_unreadable_ = 0;   ///< its number; a later file's plain key still counts
  std::string nothing_applies_ = {};  ///< the mask that keeps systemd-sysctl from running; empty: it runs
  Late ufw_;
  const sources::Sources* sources_ = nullptr;
};

}  // namespace plimsoll::probes
