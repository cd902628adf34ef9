// What the probes `file` and `files` say of one path.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/record.hpp"
#include "engine/core/schema.hpp"
#include "engine/formats/posix_acl.hpp"
#include "engine/probes/owner_names.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

enum class FileField : std::uint8_t {
  exists,
  type,
  mode,
  uid,
  gid,
  owner,
  group,
  size,
  modified,
  is_link,
  link_target,
  acl,
  extended_acl,
  acl_mode,
};
inline constexpr std::size_t file_field_count = 14;

inline constexpr std::array<std::string_view, 7> file_types = {"file",   "directory",        "link",        "fifo",
                                                               "socket", "character_device", "block_device"};

/// In the order of FileField.
inline constexpr std::array<FieldSchema, file_field_count> file_field_schemas = {{
    {"exists", ValueType::boolean,
     "Whether something is there once links are followed; when false, the other fields are absent, but for those of a "
     "link that leads nowhere."},
    {"type", ValueType::text, "What it is, links followed.", "", file_types},
    {"mode", ValueType::mode,
     "Its permission, set-id and sticky bits. With an extended ACL the bits of the group are the ACL's mask, so no "
     "name of the list is granted more than they say."},
    {"uid", ValueType::integer, "The user id of its owner."},
    {"gid", ValueType::integer, "The id of its group."},
    {"owner", ValueType::text,
     "The owner's name in the audited host's /etc/passwd. Absent when the host has no such user; unreadable when "
     "nobody can say, because the file could not be read or nsswitch.conf(5) names a service such as sss."},
    {"group", ValueType::text,
     "The group's name in the audited host's /etc/group; absent and unreadable as `owner` is."},
    {"size", ValueType::integer, "Its length.", "bytes"},
    {"modified", ValueType::time, "When its content last changed."},
    {"is_link", ValueType::boolean, "Whether the path itself is a symbolic link."},
    {"link_target", ValueType::text, "The text of the link, unresolved; absent when it is none."},
    {"acl", ValueType::list,
     "The entries of its access ACL beyond owner, group and others, as getfacl(1) writes them (`user:bob:rw-`, "
     "`mask::r--`); empty when there are none. Users and groups without a name are numbers."},
    {"extended_acl", ValueType::boolean, "Whether its ACL grants or cuts more than the nine permission bits say."},
    {"acl_mode", ValueType::mode,
     "What the users and groups named in the ACL may do together, after its mask, as one octal digit (`0006` for read "
     "and write); 0000 when none is named."},
}};

/// Fills the fields of FileField, resource and source. Links are followed inside the root. A path that is not there, or
/// a link that leads nowhere, does not exist; one that may not be looked at is unreadable.
void describe_file(Record& record, const std::string& path, const sources::Root& root, const OwnerNames& names);

/// The entries of the access ACL of a path; none where it has no ACL. Errors: those of Root::attribute; malformed.
[[nodiscard]] Result<std::vector<formats::AclEntry>> read_acl(const std::string& path, const sources::Root& root);

}  // namespace plimsoll::probes
