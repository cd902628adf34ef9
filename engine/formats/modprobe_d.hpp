// Kernel module configuration and indexes: modprobe.d(5), modules-load.d(5), modules.dep(5), modules.builtin,
// /proc/modules.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

/// A module name as the kernel knows it: "-" is "_" ("usb-storage" is "usb_storage").
[[nodiscard]] std::string module_name(std::string_view written);

struct ModprobeLine {
  enum class Kind : std::uint8_t { install, blacklist };
  Kind kind = Kind::install;
  std::string module;      ///< as module_name() gives it; an install line may hold a wildcard
  std::string command;     ///< install: the rest of the line, as the shell gets it
  std::uint32_t line = 0;  ///< 1-based; the first of a continued line
};

/// The `install` and `blacklist` lines of one file, read as kmod does (libkmod-config.c): "\" joins lines, also behind
/// a comment, and elsewhere takes the next character as it is; only a "#" in the first column starts a comment; a line
/// without its module or command does not count.
[[nodiscard]] std::vector<ModprobeLine> parse_modprobe_d(std::string_view text);

/// Whether an install command keeps the module out: it runs true or false (by name or by path in /bin or /usr/bin), and
/// nothing else. Arguments are ignored by those programs; any shell operator or expansion makes the answer no.
[[nodiscard]] bool install_command_blocks(std::string_view command);

/// One module named by a modules-load.d(5) file.
struct LoadedAtBoot {
  std::string module;
  std::uint32_t line = 0;
};
[[nodiscard]] std::vector<LoadedAtBoot> parse_modules_load_d(std::string_view text);

/// The names in /proc/modules (proc(5)): the first word of each line.
[[nodiscard]] std::vector<std::string> parse_proc_modules(std::string_view text);

/// The module names in modules.dep or modules.builtin: the file name of each line's path (before any ":"), without
/// ".ko" and the suffix of a compression. `wanted` keeps the answer small: only these names are returned, sorted.
[[nodiscard]] std::vector<std::string> modules_in_index(std::string_view text, const std::vector<std::string>& wanted);

}  // namespace plimsoll::formats
