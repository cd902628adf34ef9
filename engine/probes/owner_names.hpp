// The names of owners as the audited host sees them, and when nobody can say that there is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/core/record.hpp"
#include "engine/probes/accounts.hpp"

namespace plimsoll::probes {

class OwnerNames {
 public:
  explicit OwnerNames(const sources::Sources& sources);

  [[nodiscard]] const Accounts& accounts() const { return accounts_; }

  /// Why an id that /etc/passwd or /etc/group lacks may be known all the same: the file could not be read, or
  /// nsswitch.conf(5) names a service that cannot be asked without the host's libraries, or could not be read.
  [[nodiscard]] const std::optional<Error>& more_users() const { return more_users_; }
  [[nodiscard]] const std::optional<Error>& more_groups() const { return more_groups_; }

  /// The name of an id: a value, absent when the host has none, unreadable when that cannot be said.
  [[nodiscard]] Field user(std::uint32_t uid) const;
  [[nodiscard]] Field group(std::uint32_t gid) const;

  /// more_users(), with the id it is about; empty when there are no more.
  [[nodiscard]] std::optional<Error> unknown_user(std::uint32_t uid) const;
  [[nodiscard]] std::optional<Error> unknown_group(std::uint32_t gid) const;

 private:
  const Accounts& accounts_;
  std::optional<Error> more_users_;
  std::optional<Error> more_groups_;
};

}  // namespace plimsoll::probes
