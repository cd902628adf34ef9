#include "engine/probes/accounts.hpp"

#include <algorithm>
#include <array>

namespace plimsoll::probes {
namespace {

using sources::Root;

/// Account files of large sites have tens of thousands of lines.
constexpr std::size_t max_account_bytes = 64U << 20U;

template <class Lines, class Parse>
void read_lines(const Root& root, std::string_view path, Parse parse, Lines& lines, std::optional<Error>& error) {
  const auto text = root.read(path, max_account_bytes);
  if (text) {
    lines = parse(*text);
  } else {
    error = text.error();
  }
}

/// Ids of the entries that are accounts, and the first entry of each id.
template <class Entry, class Id>
void index_ids(const std::vector<Entry>& entries, Id Entry::* id, std::vector<std::uint32_t>& sorted,
               std::unordered_map<std::uint32_t, std::size_t>& first) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].compat) continue;
    if (first.emplace(entries[i].*id, i).second) sorted.push_back(entries[i].*id);
  }
  std::ranges::sort(sorted);
}

std::vector<std::string> services_beyond_files(std::string_view text, std::string_view database) {
  constexpr std::array<std::string_view, 3> local = {"files", "compat", "systemd"};
  auto services = formats::nsswitch_services(text, database);
  std::erase_if(services, [&](const std::string& name) { return std::ranges::find(local, name) != local.end(); });
  return services;
}

Accounts read_accounts(const Root& root) {
  Accounts accounts;
  read_lines(root, "/etc/passwd", formats::parse_passwd, accounts.passwd, accounts.why_no_passwd);
  read_lines(root, "/etc/group", formats::parse_group, accounts.group, accounts.why_no_group);
  index_ids(accounts.passwd.entries, &formats::PasswdEntry::uid, accounts.uids, accounts.users_by_id);
  index_ids(accounts.group.entries, &formats::GroupEntry::gid, accounts.gids, accounts.groups_by_id);

  const auto services = root.read("/etc/nsswitch.conf", sources::max_config_bytes);
  if (services) {
    accounts.other_user_services = services_beyond_files(*services, "passwd");
    accounts.other_group_services = services_beyond_files(*services, "group");
  } else if (services.error().kind != Error::Kind::not_found) {
    accounts.why_no_services = services.error();
  }
  return accounts;
}

ShadowAccounts read_shadow_accounts(const Root& root) {
  ShadowAccounts accounts;
  read_lines(root, "/etc/shadow", formats::parse_shadow, accounts.shadow, accounts.shadow_error);
  read_lines(root, "/etc/gshadow", formats::parse_gshadow, accounts.gshadow, accounts.gshadow_error);
  return accounts;
}

template <class Entry>
const Entry* first_named(const std::vector<Entry>& entries, std::string_view name) {
  const auto found =
      std::ranges::find_if(entries, [&](const Entry& entry) { return !entry.compat && entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::string_view> Accounts::user_name(std::uint32_t uid) const {
  const auto found = users_by_id.find(uid);
  if (found == users_by_id.end()) return std::nullopt;
  return passwd.entries[found->second].name;
}

std::optional<std::string_view> Accounts::group_name(std::uint32_t gid) const {
  const auto found = groups_by_id.find(gid);
  if (found == groups_by_id.end()) return std::nullopt;
  return group.entries[found->second].name;
}

const formats::PasswdEntry* Accounts::user(std::string_view name) const {
  return first_named(passwd.entries, name);
}

const formats::GroupEntry* Accounts::group_named(std::string_view name) const {
  return first_named(group.entries, name);
}

const Accounts& accounts_of(const sources::Sources& sources) {
  return sources.memo.get<Accounts>([&] { return read_accounts(sources.root); });
}

const ShadowAccounts& shadow_accounts_of(const sources::Sources& sources) {
  return sources.memo.get<ShadowAccounts>([&] { return read_shadow_accounts(sources.root); });
}

}  // namespace plimsoll::probes
