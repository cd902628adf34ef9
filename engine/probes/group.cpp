#include "engine/probes/group.hpp"

#include <fmt/core.h>

#include <array>
#include <map>
#include <unordered_map>

#include "engine/probes/accounts.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t {
  name,
  gid,
  members,
  member_count,
  primary_members,
  gid_count,
  name_count,
  password,
  field_count,
};

constexpr std::array<std::string_view, 5> password_states = {"shadowed", "empty", "hash", "locked", "none"};

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "name", .type = ValueType::text, .meaning = "Name of the group."},
    {.name = "gid",
     .type = ValueType::integer,
     .meaning = "Group id; absent for a `+` or `-` entry of nss_compat, which is no group of its own."},
    {.name = "members",
     .type = ValueType::list,
     .meaning = "Users that the line names; those who have it as their primary group stand in primary_members."},
    {.name = "member_count", .type = ValueType::integer, .meaning = "Number of users that the line names."},
    {.name = "primary_members",
     .type = ValueType::list,
     .meaning = "Users of /etc/passwd whose primary group has this id."},
    {.name = "gid_count", .type = ValueType::integer, .meaning = "Lines of /etc/group with this id; 1 is good."},
    {.name = "name_count", .type = ValueType::integer, .meaning = "Lines of /etc/group with this name; 1 is good."},
    {.name = "password",
     .type = ValueType::text,
     .meaning =
         "Whether somebody who is no member may join with a password: the state of the field in /etc/gshadow, or of "
         "/etc/group where that has no line: hash, empty (members only), locked, none; shadowed when /etc/group "
         "points to a line that is not there.",
     .allowed = password_states},
}};

constexpr std::array<std::string_view, 3> source_names = {"/etc/group", "/etc/gshadow", "/etc/passwd"};

constexpr ProbeSchema schema = {
    .name = "group",
    .summary = "The groups of /etc/group, one record a line.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = source_names,
};

class Collector {
 public:
  Collector(const Accounts& accounts, const ShadowAccounts& shadow) : accounts_(accounts), shadow_(shadow) {
    for (const auto& entry : accounts.group.entries) {
      ++names_[entry.name];
      if (!entry.compat) ++gids_[entry.gid];
    }
    for (const auto& user : accounts.passwd.entries) {
      if (!user.compat) primary_[user.gid].push_back(user.name);
    }
    for (const auto& entry : shadow.gshadow.entries) passwords_.emplace(entry.name, &entry);
  }

  [[nodiscard]] Record record_of(const formats::GroupEntry& entry) const {
    Record record(fields.size());
    record.resource = fmt::format("group {}", entry.name);
    record.source = fmt::format("/etc/group:{}", entry.line);
    record.set(name, entry.name);
    record.set(members, entry.members);
    record.set(member_count, static_cast<std::int64_t>(entry.members.size()));
    record.set(name_count, names_.at(entry.name));
    if (entry.compat) {
      for (const auto field : {gid, primary_members, gid_count}) record.set_absent(field);
    } else {
      record.set(gid, std::int64_t{entry.gid});
      record.set(gid_count, gids_.at(entry.gid));
      set_primary_members(record, entry.gid);
    }
    set_password(record, entry);
    return record;
  }

 private:
  void set_primary_members(Record& record, std::uint32_t id) const {
    if (accounts_.passwd_error() != nullptr) {
      record.set_unreadable(primary_members, *accounts_.passwd_error(), "/etc/passwd");
      return;
    }
    const auto found = primary_.find(id);
    record.set(primary_members, found == primary_.end() ? TextList{} : found->second, "/etc/passwd");
  }

  void set_password(Record& record, const formats::GroupEntry& entry) const {
    const auto found = passwords_.find(entry.name);
    const auto& error = shadow_.gshadow_error;
    if (error && error->kind != Error::Kind::not_found) {
      record.set_unreadable(password, *error, "/etc/gshadow");
    } else if (found != passwords_.end()) {
      record.set(password, std::string(formats::name_of(found->second->password.state)),
                 fmt::format("/etc/gshadow:{}", found->second->line));
    } else {
      record.set(password, std::string(formats::name_of(entry.password.state)));
    }
  }

  const Accounts& accounts_;
  const ShadowAccounts& shadow_;
  std::unordered_map<std::string, std::int64_t> names_;
  std::unordered_map<std::uint32_t, std::int64_t> gids_;
  std::unordered_map<std::uint32_t, TextList> primary_;
  std::map<std::string, const formats::GshadowEntry*, std::less<>> passwords_;
};

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& accounts = accounts_of(sources);
  const Collector collector(accounts, shadow_accounts_of(sources));
  for (const auto& service : accounts.other_group_services) {
    sink.left_out(fmt::format("groups known to the name service \"{}\"", service),
                  "/etc/nsswitch.conf names it; only local files are read", "audit the directory service itself");
  }
  for (std::size_t index = 0; index < requests.size(); ++index) {
    if (accounts.group_error() != nullptr) {
      sink.fail(index, *accounts.group_error());
      continue;
    }
    sink.looked_at(index, fmt::format("{} lines of /etc/group", accounts.group.entries.size()), "/etc/group");
    for (const auto& entry : accounts.group.entries) sink.add(index, collector.record_of(entry));
    if (!accounts.group.bad.empty()) {
      const auto& bad = accounts.group.bad.front();
      sink.fail(index, Error{Error::Kind::malformed, fmt::format("/etc/group:{}: {}", bad.line, bad.why)});
    }
  }
}

}  // namespace

const Probe group_probe = {&schema, collect};

}  // namespace plimsoll::probes
