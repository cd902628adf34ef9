// Directories of configuration files that override each other by name: sysctl.d, modprobe.d, modules-load.d, unit
// drop-ins.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

/// "/etc/NAME", "/run/NAME", "/usr/local/lib/NAME", "/usr/lib/NAME", in the order of their priority; "/lib/NAME" too
/// where /lib is a directory of its own and not a link to /usr/lib.
[[nodiscard]] std::vector<std::string> configuration_directories(const sources::Root& root, std::string_view name);

/// One file that counts. A mask (an empty file, a link to /dev/null) has an empty text.
struct ConfFile {
  std::string path;
  std::string name;
  Result<std::string> text;  ///< or why it cannot be read
};

/// What a link that leads nowhere does to files of its name in later directories.
enum class DeadLinks : unsigned char {
  mask,     ///< systemd: the name is taken
  release,  ///< kmod: depends on its release, so the file counts as unreadable where a link hides one
};

/// The files whose names end in ".conf" (and do not start with a dot): of equal names the one in the first directory,
/// sorted by name as bytes (conf_files_list of systemd, libkmod-config.c). Directories that are not there are passed
/// over. Errors: what listing a directory fails with; which files count cannot be known then.
[[nodiscard]] Result<std::vector<ConfFile>> read_conf_files(const sources::Root& root,
                                                            const std::vector<std::string>& directories,
                                                            DeadLinks links);

/// Whether a path is a link to /dev/null, which is how systemd's tools are told to take no notice of something.
[[nodiscard]] bool is_masked(const sources::Root& root, std::string_view path);

}  // namespace plimsoll::probes
