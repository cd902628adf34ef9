#include "engine/formats/posix_acl.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

namespace plimsoll::formats {
namespace {

constexpr std::size_t header_bytes = 4;
constexpr std::size_t entry_bytes = 8;
constexpr std::size_t max_entries = 8192;  // the kernel stops at 64 KiB of attribute value (XATTR_SIZE_MAX)
constexpr std::uint32_t version = 2;       // POSIX_ACL_XATTR_VERSION

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (auto at = bytes.size(); at > 0; --at) value = (value << 8U) | static_cast<unsigned char>(bytes[at - 1]);
  return value;
}

std::optional<AclEntry::Tag> tag_of(std::uint32_t tag) {
  switch (tag) {
    case 0x01:
      return AclEntry::Tag::owner;
    case 0x02:
      return AclEntry::Tag::user;
    case 0x04:
      return AclEntry::Tag::owning_group;
    case 0x08:
      return AclEntry::Tag::group;
    case 0x10:
      return AclEntry::Tag::mask;
    case 0x20:
      return AclEntry::Tag::other;
    default:
      return {};
  }
}

std::unexpected<Error> malformed(std::string what) {
  return std::unexpected(Error{Error::Kind::malformed, std::move(what)});
}

}  // namespace

Result<std::vector<AclEntry>> parse_posix_acl(std::string_view bytes) {
  if (bytes.size() < header_bytes) return malformed(fmt::format("an ACL of {} bytes has no header", bytes.size()));
  if (const auto found = little_endian(bytes.substr(0, header_bytes)); found != version) {
    return malformed(fmt::format("ACL version {} is not known", found));
  }
  bytes.remove_prefix(header_bytes);
  if (bytes.size() % entry_bytes != 0) return malformed("the last ACL entry is cut off");
  if (bytes.size() / entry_bytes > max_entries) return malformed("the ACL has more entries than the kernel allows");
  std::vector<AclEntry> entries;
  entries.reserve(bytes.size() / entry_bytes);
  for (; !bytes.empty(); bytes.remove_prefix(entry_bytes)) {
    const auto raw_tag = little_endian(bytes.substr(0, 2));
    const auto permissions = little_endian(bytes.substr(2, 2));
    const auto tag = tag_of(raw_tag);
    if (!tag) return malformed(fmt::format("ACL tag {:#x} is not known", raw_tag));
    if (permissions > 7) return malformed(fmt::format("ACL permissions {:#x} are not known", permissions));
    entries.push_back({*tag, static_cast<std::uint8_t>(permissions), little_endian(bytes.substr(4, 4))});
  }
  return entries;
}

bool is_extended(const std::vector<AclEntry>& entries) {
  return std::any_of(entries.begin(), entries.end(), [](const AclEntry& entry) {
    return entry.tag == AclEntry::Tag::user || entry.tag == AclEntry::Tag::group || entry.tag == AclEntry::Tag::mask;
  });
}

std::uint8_t granted_by_name(const std::vector<AclEntry>& entries) {
  unsigned mask = 7;
  unsigned granted = 0;
  for (const auto& entry : entries) {
    if (entry.tag == AclEntry::Tag::mask) mask = entry.permissions;
    if (entry.tag == AclEntry::Tag::user || entry.tag == AclEntry::Tag::group) granted |= entry.permissions;
  }
  return static_cast<std::uint8_t>(granted & mask);
}

}  // namespace plimsoll::formats
