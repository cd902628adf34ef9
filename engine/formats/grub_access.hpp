// Who may change a GRUB boot menu or boot from it: superusers, passwords, restricted entries (GRUB manual, Security).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/record.hpp"
#include "engine/formats/boot_entries.hpp"

namespace plimsoll::formats {

struct GrubPassword {
  std::string user;
  std::string algorithm;        ///< "pbkdf2-sha512", "plain"; empty when GRUB would refuse the hash
  std::int64_t iterations = 0;  ///< of PBKDF2
  std::string source;
};

struct GrubMenuItem {
  std::string title;
  bool unrestricted = false;
  std::vector<std::string> users;  ///< of --users, beside the superusers
  std::string source;
};

struct GrubAccess {
  bool restricted = false;              ///< `superusers` is set, be it to nobody
  std::vector<std::string> superusers;  ///< as GRUB cuts the list: at blanks, commas, semicolons, "|" and "&"
  bool exported = false;                ///< so that submenus are restricted, too
  std::string source;                   ///< "/boot/grub/grub.cfg:12" of what counts; else the file
  std::vector<Overridden> overridden;   ///< assignments that a later one replaces
  std::vector<GrubPassword> passwords;
  std::vector<GrubMenuItem> items;   ///< menu entries that GRUB itself knows, submenus not counted
  bool reads_bls = false;            ///< entries come from loader/entries, too
  bool only_loads_another = false;   ///< a stub: a `configfile` command, and no menu of its own
  std::vector<std::string> sourced;  ///< other files that are part of it
  std::optional<Error> unknown;      ///< what keeps superusers and passwords from being certain
};

/// The text of another file; empty when it is not there.
using GrubFileReader = std::function<Result<std::optional<std::string>>(const std::string& path)>;

/// Follows `if` as far as its condition can be known here (files beside the configuration, variables that are set in
/// it), and `source`. What stands under a condition that cannot be known makes `unknown`. Hashes and passwords stay in
/// here.
[[nodiscard]] GrubAccess read_grub_access(const std::string& path, std::string_view text,
                                          const GrubEnvironment& environment, const GrubFileReader& files);

/// "grub.pbkdf2.sha512.10000.SALT.HASH". Empty for anything else.
struct GrubHash {
  std::string algorithm;
  std::int64_t iterations = 0;
};
[[nodiscard]] std::optional<GrubHash> parse_grub_hash(std::string_view text);

}  // namespace plimsoll::formats
