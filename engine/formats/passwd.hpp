// The account databases: passwd(5), group(5), shadow(5), gshadow(5). Parsed as the C library's `files` service does
// (glibc nss/fgetpwent, sgetspent), because that is what login programs see: leading blanks and lines that start with
// `#` are skipped, missing trailing fields are empty, numbers may have a sign or leading blanks. No password, hash or
// salt ever leaves this file: only what kind of thing stood there.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

/// What stands in a password field.
enum class PasswordState : std::uint8_t {
  shadowed,  ///< "x" (or "##name") in passwd or group: look in the shadow file
  empty,     ///< nothing: no password is asked for
  hash,      ///< a hash that a password can match
  locked,    ///< a hash behind one or more `!` or a `*`: it matches nothing until somebody unlocks it
  none,      ///< `*`, `!`, `!!`, `!*`, or text that is no hash: no password can match
};
[[nodiscard]] std::string_view name_of(PasswordState state);

/// How the hash was made, by its prefix (crypt(5)); `unknown` for a prefix that crypt(5) does not list.
enum class HashAlgorithm : std::uint8_t {
  yescrypt,
  gost_yescrypt,
  scrypt,
  sha512,
  sha256,
  bcrypt,
  sha1,
  sun_md5,
  md5,
  nt,
  bsdi_des,
  des,
  unknown
};
[[nodiscard]] std::string_view name_of(HashAlgorithm algorithm);

/// A password field, judged and forgotten.
struct PasswordField {
  PasswordState state = PasswordState::none;
  std::optional<HashAlgorithm> algorithm = {};  ///< of `hash` and `locked`
  bool operator==(const PasswordField&) const = default;
};
/// `shadow_marks`: whether "x" points elsewhere (passwd, group) or is text that no password matches (shadow, gshadow).
[[nodiscard]] PasswordField judge_password(std::string_view field, bool shadow_marks);

/// A line that the C library skips. `name` is empty unless the first field looks like a name.
struct BadLine {
  std::uint32_t line = 0;  ///< 1-based
  std::string name;
  std::string why;  ///< "the user id is not a number"
  bool operator==(const BadLine&) const = default;
};

template <class Entry>
struct AccountLines {
  std::vector<Entry> entries;  ///< in file order, duplicates included
  std::vector<BadLine> bad;
};

struct PasswdEntry {
  std::uint32_t line = 0;  ///< 1-based
  std::string name;
  PasswordField password = {};
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string home;
  std::string shell;    ///< empty: login programs take /bin/sh
  bool compat = false;  ///< a `+` or `-` entry of nss_compat: no account of its own; uid and gid mean nothing
};
[[nodiscard]] AccountLines<PasswdEntry> parse_passwd(std::string_view text);

struct GroupEntry {
  std::uint32_t line = 0;
  std::string name;
  PasswordField password = {};
  std::uint32_t gid = 0;
  std::vector<std::string> members;  ///< in file order, duplicates included
  bool compat = false;
};
[[nodiscard]] AccountLines<GroupEntry> parse_group(std::string_view text);

/// Dates are whole days since 1970-01-01 UTC. An empty field and -1 are the same: the feature is off.
struct ShadowEntry {
  std::uint32_t line = 0;
  std::string name;
  PasswordField password = {};
  std::optional<std::chrono::sys_days> changed;  ///< day 0: must change at next login
  std::optional<std::chrono::days> min_age;
  std::optional<std::chrono::days> max_age;
  std::optional<std::chrono::days> warn_before;
  std::optional<std::chrono::days> inactive_after;
  std::optional<std::chrono::sys_days> expires;
};
[[nodiscard]] AccountLines<ShadowEntry> parse_shadow(std::string_view text);

struct GshadowEntry {
  std::uint32_t line = 0;
  std::string name;
  PasswordField password = {};
  std::vector<std::string> administrators;
  std::vector<std::string> members;
};
[[nodiscard]] AccountLines<GshadowEntry> parse_gshadow(std::string_view text);

/// The services that /etc/nsswitch.conf (nsswitch.conf(5)) names for one database, in order and without the actions in
/// brackets. The last line for a database counts. Empty when no line names it.
[[nodiscard]] std::vector<std::string> nsswitch_services(std::string_view text, std::string_view database);

}  // namespace plimsoll::formats
