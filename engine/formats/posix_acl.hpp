// POSIX access control lists as Linux keeps them in extended attributes (acl(5), linux/posix_acl_xattr.h).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct AclEntry {
  enum class Tag : std::uint8_t { owner, user, owning_group, group, mask, other };
  Tag tag = Tag::other;
  std::uint8_t permissions = 0;  ///< rwx as 0..7
  std::uint32_t id = 0;          ///< user and group: the uid or gid; else meaningless
  bool operator==(const AclEntry&) const = default;
};

/// The value of system.posix_acl_access or system.posix_acl_default. Errors: malformed, for another version, a length
/// that is no whole number of entries, an unknown tag or permission bit, more than 8192 entries.
[[nodiscard]] Result<std::vector<AclEntry>> parse_posix_acl(std::string_view bytes);

/// Whether the list says more than the nine permission bits: it names a user or a group, or has a mask (acl(5)).
[[nodiscard]] bool is_extended(const std::vector<AclEntry>& entries);

/// What the named users and groups may do together: the union of their permissions, each cut by the mask, as 0..7.
[[nodiscard]] std::uint8_t granted_by_name(const std::vector<AclEntry>& entries);

}  // namespace plimsoll::formats
