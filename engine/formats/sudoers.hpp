// The policy language of sudo: sudoers(5). Text to entries, in file order; files are joined by who reads them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace plimsoll::formats {

/// One name of a list of users, groups, hosts or commands.
struct SudoersMember {
  std::string text;      ///< quotes and escapes resolved: "ALL", "%wheel", "#0", "+admins", "/usr/bin/less /var/log/*"
  bool negated = false;  ///< an odd number of `!` before it
  bool alias = false;    ///< written as the name of an alias: capitals, digits and `_`
  bool operator==(const SudoersMember&) const = default;
};
using SudoersList = std::vector<SudoersMember>;

enum class SudoersAliasKind : std::uint8_t { user, runas, host, command };
struct SudoersAlias {
  SudoersAliasKind kind = SudoersAliasKind::user;
  std::string name;
  SudoersList members;
  std::uint32_t line = 0;  ///< 1-based
};

enum class SudoersScope : std::uint8_t { global, host, user, runas, command };
enum class SudoersOperation : std::uint8_t { on, off, set, add, remove };
struct SudoersDefault {
  SudoersScope scope = SudoersScope::global;
  std::shared_ptr<const SudoersList> who;  ///< shared by all settings of a line; null: global
  std::string name;
  SudoersOperation operation = SudoersOperation::on;
  std::string value;
  std::uint32_t line = 0;
};

/// Tags of a command, handed down a list of commands until the opposite tag comes. Empty: never said.
struct SudoersTags {
  std::optional<bool> no_password;
  std::optional<bool> no_exec;
  std::optional<bool> set_environment;
  std::optional<bool> log_input;
  std::optional<bool> log_output;
  std::optional<bool> mail;
  std::optional<bool> follow;
  std::optional<bool> intercept;
};

/// One command of a user specification.
struct SudoersRule {
  std::shared_ptr<const SudoersList> users;
  std::shared_ptr<const SudoersList> hosts;
  /// Null: none written, so that runas_default counts, or, with groups, the user himself; empty: the user himself.
  std::shared_ptr<const SudoersList> runas_users;
  std::shared_ptr<const SudoersList> runas_groups;  ///< null: none written
  SudoersTags tags;
  std::shared_ptr<const std::vector<std::string>> options;  ///< "CWD=/tmp", "TIMEOUT=5m"; null: none
  SudoersMember command;
  std::uint32_t line = 0;  ///< where the command stands
};

struct SudoersInclude {
  bool directory = false;
  std::string path;  ///< as written: may be relative, may hold %h
  std::uint32_t line = 0;
};

/// An entry that sudo would not understand, and therefore leaves out whole (since 1.9.3; before, it stopped).
struct SudoersBadEntry {
  std::string why;
  std::uint32_t line = 0;
};

using SudoersEntry = std::variant<SudoersDefault, SudoersAlias, SudoersRule, SudoersInclude, SudoersBadEntry>;

/// At most so many entries are taken from one file; the last one is then a SudoersBadEntry that says so.
inline constexpr std::size_t max_sudoers_entries = 100'000;

/// The entries of one file. Several settings, aliases or commands on a line are several entries.
[[nodiscard]] std::vector<SudoersEntry> parse_sudoers(std::string_view text);

/// "use_pty", "!authenticate", "logfile=/var/log/sudo.log", "env_keep+=LANG".
[[nodiscard]] std::string to_text(const SudoersDefault& setting);
/// "ALL", "!/bin/su", "%wheel".
[[nodiscard]] std::string to_text(const SudoersMember& member);

}  // namespace plimsoll::formats
