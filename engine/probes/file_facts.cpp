#include "engine/probes/file_facts.hpp"

#include <fmt/core.h>

#include "engine/formats/posix_acl.hpp"

namespace plimsoll::probes {
namespace {

using formats::AclEntry;

std::string permissions_text(std::uint8_t permissions) {
  return {(permissions & 4U) != 0 ? 'r' : '-', (permissions & 2U) != 0 ? 'w' : '-',
          (permissions & 1U) != 0 ? 'x' : '-'};
}

std::string name_or_number(std::optional<std::string_view> name, std::uint32_t id) {
  return name ? std::string(*name) : std::to_string(id);
}

TextList acl_lines(const std::vector<AclEntry>& entries, const Accounts& accounts) {
  TextList lines;
  for (const auto& entry : entries) {
    const auto permissions = permissions_text(entry.permissions);
    switch (entry.tag) {
      case AclEntry::Tag::user:
        lines.push_back(fmt::format("user:{}:{}", name_or_number(accounts.user_name(entry.id), entry.id), permissions));
        break;
      case AclEntry::Tag::group:
        lines.push_back(
            fmt::format("group:{}:{}", name_or_number(accounts.group_name(entry.id), entry.id), permissions));
        break;
      case AclEntry::Tag::mask:
        lines.push_back("mask::" + permissions);
        break;
      case AclEntry::Tag::owner:
      case AclEntry::Tag::owning_group:
      case AclEntry::Tag::other:
        break;
    }
  }
  return lines;
}

void describe_acl(Record& record, const std::string& path, const sources::Root& root, const OwnerNames& names) {
  const auto entries = read_acl(path, root);
  if (!entries) {
    for (const auto field : {FileField::acl, FileField::extended_acl, FileField::acl_mode}) {
      record.set_unreadable(field, entries.error());
    }
    return;
  }
  record.set(FileField::acl, acl_lines(*entries, names.accounts()));
  record.set(FileField::extended_acl, formats::is_extended(*entries));
  record.set(FileField::acl_mode, std::int64_t{formats::granted_by_name(*entries)});
}

void set_all_unreadable(Record& record, const Error& why) {
  for (std::size_t i = 0; i < file_field_count; ++i) {
    if (record.fields[i].unreadable() != nullptr) record.set_unreadable(i, why);
  }
}

void set_missing(Record& record) {
  for (std::size_t i = 0; i < file_field_count; ++i) {
    if (record.fields[i].unreadable() != nullptr) record.set_absent(i);
  }
  record.set(FileField::exists, false);
}

/// The status of what the path leads to; the fields of the link itself are set on the way.
Result<sources::FileStatus> follow(Record& record, const std::string& path, const sources::Root& root) {
  auto own = root.link_status(path);
  if (!own) return own;
  const bool is_link = own->type == sources::FileType::symlink;
  record.set(FileField::is_link, is_link);
  if (!is_link) {
    record.set_absent(FileField::link_target);
    return own;
  }
  const auto target = root.read_link(path);
  if (target) {
    record.set(FileField::link_target, *target);
  } else {
    record.set_unreadable(FileField::link_target, target.error());
  }
  auto status = root.status(path);
  if (!status && status.error().kind == Error::Kind::not_found) {
    record.source = fmt::format("{} -> {} (leads nowhere)", path, target ? *target : "?");
  }
  return status;
}

}  // namespace

Result<std::vector<AclEntry>> read_acl(const std::string& path, const sources::Root& root) {
  auto bytes = root.attribute(path, "system.posix_acl_access");
  if (!bytes) {
    if (bytes.error().kind == Error::Kind::not_found) return std::vector<AclEntry>{};
    return std::unexpected(bytes.error());
  }
  auto entries = formats::parse_posix_acl(*bytes);
  if (!entries) entries.error().what = fmt::format("cannot read the ACL of {}: {}", path, entries.error().what);
  return entries;
}

void describe_file(Record& record, const std::string& path, const sources::Root& root, const OwnerNames& names) {
  record.resource = path;
  record.source = path;
  const auto status = follow(record, path, root);
  if (!status) {
    if (status.error().kind == Error::Kind::not_found) {
      set_missing(record);
    } else {
      set_all_unreadable(record, status.error());
    }
    return;
  }
  record.set(FileField::exists, true);
  record.set(FileField::type, std::string(name_of(status->type)));
  record.set(FileField::mode, std::int64_t{status->mode});
  record.set(FileField::uid, std::int64_t{status->uid});
  record.set(FileField::gid, std::int64_t{status->gid});
  record.fields[static_cast<std::size_t>(FileField::owner)] = names.user(status->uid);
  record.fields[static_cast<std::size_t>(FileField::group)] = names.group(status->gid);
  record.set(FileField::size, static_cast<std::int64_t>(status->size));
  record.set(FileField::modified, status->modified);
  describe_acl(record, path, root, names);
}

}  // namespace plimsoll::probes
