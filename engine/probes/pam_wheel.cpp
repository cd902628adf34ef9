#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/probes/accounts.hpp"
#include "engine/probes/pam_module_fields.hpp"
#include "engine/probes/pam_modules.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t {
  group = pam_field_count,
  group_exists,
  members,
  use_uid,
  lets_in,
  root_only,
  field_count
};

constexpr std::array<std::string_view, 4> effects = {"members_only", "trusts_members", "all_but_members",
                                                     "trusts_all_but_members"};

constexpr auto fields = with_pam_fields(std::array<FieldSchema, field_count - pam_field_count>{{
    {.name = "group",
     .type = ValueType::text,
     .meaning = "The group it asks for: its argument, else wheel, else the one with id 0."},
    {.name = "group_exists",
     .type = ValueType::boolean,
     .meaning = "Whether /etc/group has it; else nobody is a member."},
    {.name = "members",
     .type = ValueType::list,
     .meaning = "Who is a member, also by the primary group; empty for a group that does not exist."},
    {.name = "use_uid",
     .type = ValueType::boolean,
     .meaning =
         "Whether it asks who runs the program now, and not who logged in. Debian's module always does; unreadable "
         "where its argument does not say so and the module cannot be read."},
    {.name = "effect",
     .type = ValueType::text,
     .meaning =
         "What being a member does: members_only (others are denied), trusts_members (they need nothing more where "
         "the control is sufficient), all_but_members (they are denied), trusts_all_but_members.",
     .allowed = effects},
    {.name = "root_only",
     .type = ValueType::boolean,
     .meaning = "Whether it is only asked by those who become a user with id 0."},
}});

constexpr auto source_names =
    with_pam_sources(std::to_array<std::string_view>({"the module pam_wheel.so", "/etc/group", "/etc/passwd"}));

constexpr ProbeSchema schema = {
    .name = "pam.wheel",
    .summary = "How the auth stacks of services call pam_wheel, which asks for membership of a group.",
    .cardinality = Cardinality::any,
    .arguments = pam_module_arguments,
    .fields = fields,
    .sources = source_names,
};

/// The members, each once, in the order of the files.
TextList members_of(const Accounts& accounts, const formats::GroupEntry& entry) {
  TextList found;
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(found, name) == found.end()) found.push_back(name);
  };
  for (const auto& name : entry.members) add(name);
  for (const auto& user : accounts.passwd.entries) {
    if (user.gid == entry.gid) add(user.name);
  }
  return found;
}

void put_group(const Accounts& accounts, const std::string& named, Record& record) {
  if (const auto* error = accounts.group_error()) {
    for (const auto field : {group_exists, members}) record.set_unreadable(field, *error, "/etc/group");
    named.empty() ? record.set_unreadable(group, *error, "/etc/group") : record.set(group, named);
    return;
  }
  const auto* entry = accounts.group_named(named.empty() ? "wheel" : named);
  if (entry == nullptr && named.empty()) {
    for (const auto& candidate : accounts.group.entries) {
      if (candidate.gid == 0U) {
        entry = &candidate;
        break;
      }
    }
  }
  record.set(group, entry == nullptr ? (named.empty() ? std::string("wheel") : named) : entry->name);
  record.set(group_exists, entry != nullptr, "/etc/group");
  if (entry == nullptr) {
    record.set(members, TextList{}, "/etc/group");
  } else if (const auto* error = accounts.passwd_error()) {
    record.set_unreadable(members, *error, "/etc/passwd");
  } else {
    record.set(members, members_of(accounts, *entry), fmt::format("/etc/group:{}", entry->line));
  }
}

/// Whether the installed module would ask who logged in: Debian and its kin build one that cannot, and takes no notice
/// of use_uid.
Result<bool> asks_for_login_name(const PamStackLine& line, const sources::Sources& sources) {
  constexpr std::size_t max_module_bytes = 4U << 20U;
  const auto path = find_pam_module(sources, line.path);
  if (!path) return std::unexpected(path.error());
  const auto bytes = sources.root.read(*path, max_module_bytes);
  if (!bytes) return std::unexpected(bytes.error());
  return bytes->find("getlogin") != std::string::npos;
}

void fill(const PamStackLine& line, const sources::Sources& sources, Record& record) {
  std::string named;
  const auto given = [&](std::string_view word) {
    return std::ranges::find(line.arguments, word) != line.arguments.end();
  };
  for (const std::string_view argument : line.arguments) {
    if (argument.starts_with("group=")) named = argument.substr(std::string_view("group=").size());
  }
  put_group(accounts_of(sources), named, record);
  const auto login_name = asks_for_login_name(line, sources);
  if (given("use_uid") || login_name) {
    record.set(use_uid, given("use_uid") || !*login_name);
  } else {
    record.set_unreadable(use_uid, login_name.error());
  }
  record.set(root_only, given("root_only"));
  const std::size_t effect = (given("deny") ? 2U : 0U) + (given("trust") ? 1U : 0U);
  record.set(lets_in, std::string(effects[effect]));
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    collect_pam_module(i, *requests[i].fact, formats::PamType::auth, "pam_wheel", sources, sink,
                       [&](const PamStackLine& line, Record& record) { fill(line, sources, record); });
  }
}

}  // namespace

const Probe pam_wheel_probe = {&schema, collect};

}  // namespace plimsoll::probes
