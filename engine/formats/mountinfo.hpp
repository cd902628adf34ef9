// The mount table: /proc/PID/mountinfo (proc(5)).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct Mount {
  std::int64_t id = 0;
  std::int64_t parent = 0;
  std::string device;                   ///< "major:minor" of the file system
  std::string root;                     ///< the directory of the file system that is mounted: "/", or a bind mount's
  std::string path;                     ///< where it is mounted
  std::vector<std::string> options;     ///< of this mount: rw, nosuid, …
  std::string type;                     ///< "ext4", "fuse.sshfs"
  std::string source;                   ///< "/dev/sda1", "tmpfs"
  std::vector<std::string> superblock;  ///< options of the file system: rw, size=1024k, subvolid=256, …
  std::uint32_t line = 0;               ///< 1-based

  bool operator==(const Mount&) const = default;
};

/// Every line of a mountinfo text, escapes (\040 and its like) undone.
/// Errors: malformed, naming the first line that does not have the fields of proc(5).
[[nodiscard]] Result<std::vector<Mount>> parse_mountinfo(std::string_view text);

/// The mounts that lead from "/" down to `path`, as path resolution crosses them: the first is the root's (where the
/// table has it), the last is the one that holds `path`. Where mounts are stacked on one place the upper one counts; a
/// mount that another one hides is not met at all.
[[nodiscard]] std::vector<const Mount*> mounts_on_the_way(const std::vector<Mount>& mounts, std::string_view path);

/// Whether the last of the way is a file system of its own: none of the mounts above it (automount triggers aside) is
/// of the same device. A bind mount of a directory of a file system met on the way is therefore not separate; a tmpfs
/// or a ZFS dataset is. Btrfs subvolumes share a device: they are separate when their subvolid is not met on the way.
[[nodiscard]] bool is_separate(const std::vector<const Mount*>& way, std::string_view path);

/// The options of mount and file system together, each once; "ro" when either is read-only.
[[nodiscard]] std::vector<std::string> running_options(const Mount& mount);

/// A path without doubled and trailing slashes and "." components: "/var//tmp/" is "/var/tmp".
[[nodiscard]] std::string plain_path(std::string_view path);

/// Undoes \ooo escapes, as getmntent(3) and mountinfo use them for blanks and backslashes.
[[nodiscard]] std::string unescape_octal(std::string_view text);

/// Comma-separated mount options; commas inside double quotes do not separate (SELinux contexts).
[[nodiscard]] std::vector<std::string> split_options(std::string_view text);

}  // namespace plimsoll::formats
