// The users and groups of the audited host, read once per run whichever probes need them. Names and ids come from the
// host's own files, never from the auditor's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/passwd.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// /etc/passwd and /etc/group. Where one could not be read its lists are empty and its error says why.
/// A bad line leaves a gap: an id that is missing here may belong to it.
struct Accounts {
  formats::AccountLines<formats::PasswdEntry> passwd;  ///< in file order; `compat` entries are no accounts
  formats::AccountLines<formats::GroupEntry> group;
  std::vector<std::uint32_t> uids;  ///< sorted, each once, without compat entries
  std::vector<std::uint32_t> gids;

  /// Services of nsswitch.conf other than local files and systemd ("sss", "ldap"): accounts there cannot be seen.
  std::vector<std::string> other_user_services;
  std::vector<std::string> other_group_services;

  /// The name of the first line with this id, as getpwuid(3) and getgrgid(3) answer; empty when no line has it.
  /// The view lives as long as the Accounts.
  [[nodiscard]] std::optional<std::string_view> user_name(std::uint32_t uid) const;
  [[nodiscard]] std::optional<std::string_view> group_name(std::uint32_t gid) const;

  /// The first line with this name, or nullptr.
  [[nodiscard]] const formats::PasswdEntry* user(std::string_view name) const;
  [[nodiscard]] const formats::GroupEntry* group_named(std::string_view name) const;

  /// Why the file could not be read, or nullptr. A file that is not there is an error too (not_found).
  [[nodiscard]] const Error* passwd_error() const { return why_no_passwd ? &*why_no_passwd : nullptr; }
  [[nodiscard]] const Error* group_error() const { return why_no_group ? &*why_no_group : nullptr; }
  /// Why it is unknown which services nsswitch.conf names, or nullptr. No such file means local files only.
  [[nodiscard]] const Error* services_error() const { return why_no_services ? &*why_no_services : nullptr; }

  std::unordered_map<std::uint32_t, std::size_t> users_by_id;  ///< uid → index into passwd.entries, the first line's
  std::unordered_map<std::uint32_t, std::size_t> groups_by_id;
  std::optional<Error> why_no_passwd;
  std::optional<Error> why_no_group;
  std::optional<Error> why_no_services;
};
[[nodiscard]] const Accounts& accounts_of(const sources::Sources& sources);

/// /etc/shadow and /etc/gshadow, without any hash. Kept apart, so that only who needs them opens them.
struct ShadowAccounts {
  formats::AccountLines<formats::ShadowEntry> shadow;
  formats::AccountLines<formats::GshadowEntry> gshadow;
  std::optional<Error> shadow_error;   ///< also not_found
  std::optional<Error> gshadow_error;  ///< also not_found
};
[[nodiscard]] const ShadowAccounts& shadow_accounts_of(const sources::Sources& sources);

}  // namespace plimsoll::probes
