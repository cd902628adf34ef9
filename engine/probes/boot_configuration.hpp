// The kernel command lines of the running kernel and of the boot menu on disk, read once per run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/boot_entries.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

struct LocatedEntry {
  formats::BootEntry entry;
  std::string source;  ///< "/boot/grub/grub.cfg:104"
};

/// The menu entries that boot this system, without recovery entries, other systems and memory tests: from grub.cfg,
/// from Boot Loader Specification entries where GRUB or systemd-boot reads them, else from /etc/kernel/cmdline or a
/// Raspberry Pi's cmdline.txt.
struct BootConfiguration {
  std::vector<LocatedEntry> entries;
  std::optional<Error> error;  ///< some of it could not be read, or there is none that is understood
};
[[nodiscard]] const BootConfiguration& boot_configuration(const sources::Sources& sources);

/// The text of /proc/cmdline. Errors: unobservable where the kernel is not visible; otherwise as reading it fails.
struct RunningCommandLine {
  Result<std::string> text;
};
[[nodiscard]] const RunningCommandLine& running_command_line(const sources::Sources& sources);

}  // namespace plimsoll::probes
