// The table of file systems to mount: fstab(5), and what mount options come to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

struct FstabEntry {
  std::string source;
  std::string path;  ///< as plain_path() gives it; "none" and its like stay as they are
  std::string type;
  std::vector<std::string> options;  ///< as written
  std::uint32_t line = 0;            ///< 1-based
};

/// The entries, in order, as getmntent(3) cuts them: fields between blanks, \040 escapes, comments only from the start
/// of a line. A line without a mount point is passed over.
[[nodiscard]] std::vector<FstabEntry> parse_fstab(std::string_view text);

/// What a list of options comes to (mount(8), FILESYSTEM-INDEPENDENT MOUNT OPTIONS): `defaults` and an empty list are
/// rw, suid, dev, exec, auto, nouser, async; `user`, `users`, `owner` and `group` bring nosuid, nodev (and the first
/// two noexec); of two options that exclude each other (dev and nodev) the later one stays, at its own place.
[[nodiscard]] std::vector<std::string> effective_options(const std::vector<std::string>& written);

[[nodiscard]] bool has_option(const std::vector<std::string>& options, std::string_view option);

}  // namespace plimsoll::formats
