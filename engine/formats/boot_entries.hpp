// What boot loaders pass to the kernel: grub.cfg, GRUB's environment block, Boot Loader Specification entries.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

/// One entry of a boot menu and the command line it boots with.
struct BootEntry {
  std::string title;
  std::string command_line;      ///< without the kernel's path; variables put in as far as they are known
  std::size_t certain_from = 0;  ///< from here on, everything in `command_line` is literal
  std::string possible = {};     ///< text that a variable of a conditional may add before `certain_from`
  std::string unknown = {};      ///< a variable before `certain_from` whose value cannot be known; empty: none
  std::uint32_t line = 0;        ///< 1-based, of the command or `options` line
  bool recovery = false;         ///< a rescue or single-user entry
  bool foreign = false;          ///< another operating system's, found by os-prober, or a memory test
};

using GrubEnvironment = std::map<std::string, std::string, std::less<>>;

/// The variables of a GRUB environment block (grubenv): NAME=value lines, "\" escapes; the padding of "#" is skipped.
[[nodiscard]] GrubEnvironment parse_grubenv(std::string_view text);

/// What grub.cfg sets a variable to.
struct GrubVariable {
  std::string text;
  bool certain = true;  ///< set once, outside any conditional or function
  bool literal = true;  ///< no other variable or command in it
};
using GrubVariables = std::map<std::string, GrubVariable, std::less<>>;

struct GrubConfiguration {
  std::vector<BootEntry> entries;
  bool reads_bls = false;  ///< a `blscfg` command: the entries in loader/entries are part of the menu
  GrubVariables variables = {};
};

/// The entries of a grub.cfg: each `linux`, `linuxefi`, `linux16` command, and `module` commands that load a Linux
/// kernel under Xen. A variable set once and unconditionally is put in, as is one from the environment block; one never
/// set is empty, as GRUB has it.
[[nodiscard]] GrubConfiguration parse_grub_cfg(std::string_view text, const GrubEnvironment& environment);

/// One entry file (Boot Loader Specification, type #1; loader/entries/*.conf): its `options` lines joined. `$name` is
/// put in from the environment block where it is there. Of a GRUB whose grub.cfg is given, variables are put in as in
/// that file; otherwise they stay unknown.
[[nodiscard]] BootEntry parse_bls_entry(std::string_view text, const GrubEnvironment& environment,
                                        const GrubConfiguration* reader = nullptr);

/// What an entry gives a kernel parameter: every value in order ("" for a flag), the last one counts.
/// Errors: unsupported, when a variable that cannot be known may set it.
[[nodiscard]] Result<std::vector<std::string>> values_in_entry(const BootEntry& entry, std::string_view parameter);

}  // namespace plimsoll::formats
