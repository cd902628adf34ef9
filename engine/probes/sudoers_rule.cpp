#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>

#include "engine/formats/secrets.hpp"
#include "engine/probes/sudoers.hpp"
#include "engine/probes/sudoers_policy.hpp"

namespace plimsoll::probes {
namespace {

using formats::SudoersAliasKind;
using formats::SudoersList;

enum FieldIndex : std::size_t {
  users,
  hosts,
  on_this_host,
  run_as_users,
  run_as_groups,
  command,
  commands,
  grants,
  all_commands,
  no_password,
  set_environment,
  no_exec,
  options,
  field_count,
};

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "users",
     .type = ValueType::list,
     .meaning = "Who may run it: names, `#uid`, `%group`, `+netgroup`, ALL; aliases are resolved, `!` is carried into "
                "them, and the last one that fits decides."},
    {.name = "hosts", .type = ValueType::list, .meaning = "The hosts on which the rule holds, likewise."},
    {.name = "on_this_host",
     .type = ValueType::boolean,
     .meaning = "Whether this host is one of them; unreadable where addresses, netgroups or an unknown host name "
                "decide."},
    {.name = "run_as_users",
     .type = ValueType::list,
     .meaning = "The users as whom it may be run, likewise; empty for the user himself. Absent when the rule names "
                "none, which is root unless runas_default is set."},
    {.name = "run_as_groups",
     .type = ValueType::list,
     .meaning = "The groups with which it may be run; absent when the rule names none."},
    {.name = "command",
     .type = ValueType::text,
     .meaning = "The command as the rule has it, or its alias; secrets in it are masked."},
    {.name = "commands", .type = ValueType::list, .meaning = "The same with aliases resolved; `!` forbids a command."},
    {.name = "grants",
     .type = ValueType::boolean,
     .meaning = "Whether any of these commands is allowed; false for a rule that only forbids."},
    {.name = "all_commands", .type = ValueType::boolean, .meaning = "Whether ALL is among those that are allowed."},
    {.name = "no_password",
     .type = ValueType::boolean,
     .meaning = "Whether the tag NOPASSWD holds for the command, its own or handed down by one before it."},
    {.name = "set_environment",
     .type = ValueType::boolean,
     .meaning = "Whether the user may set any variable: by the tag SETENV, or because the command is ALL; false where "
                "nothing is said."},
    {.name = "no_exec",
     .type = ValueType::boolean,
     .meaning = "Whether the tag NOEXEC keeps the command from starting others; absent where no tag says so or not."},
    {.name = "options",
     .type = ValueType::list,
     .meaning = "Options of the rule as written: `CWD=/srv`, `TIMEOUT=5m`; empty when there are none."},
}};

constexpr std::array<std::string_view, 6> source_names = {"/etc/sudoers with the files it includes",
                                                          "/etc/sudo.conf",
                                                          "/etc/nsswitch.conf",
                                                          "/usr/bin/sudo",
                                                          "/proc/sys/kernel/hostname",
                                                          "/etc/hostname"};

constexpr ProbeSchema schema = {
    .name = "sudoers.rule",
    .summary =
        "What sudo lets users do, one record for each command of a user specification. Files that sudo refuses "
        "or passes over have none. Rules of directory services (nsswitch.conf), sudo-rs and syntax errors are "
        "reasons why this may not be all.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = source_names,
};

void set_list(Record& record, FieldIndex field, Result<std::vector<std::string>> list) {
  if (list) {
    record.set(field, std::move(*list));
  } else {
    record.set_unreadable(field, list.error());
  }
}

Record record_of(const SudoersPolicy& policy, const Placed<formats::SudoersRule>& placed) {
  const auto& rule = placed.entry;
  Record record(fields.size());
  record.source = placed.source();

  const auto who = policy.resolved(*rule.users, SudoersAliasKind::user);
  constexpr std::size_t shown_users = 3;
  std::vector<std::string> first;
  for (const auto& user : *rule.users) {
    if (first.size() < shown_users) first.push_back(formats::to_text(user));
  }
  if (rule.users->size() > shown_users) first.emplace_back("…");
  const auto written = formats::mask_secrets(formats::to_text(rule.command));
  record.resource = fmt::format("sudo rule of {}: {}", fmt::join(first, ", "), written);

  set_list(record, users, who);
  set_list(record, hosts, policy.resolved(*rule.hosts, SudoersAliasKind::host));
  if (const auto here = policy.on_this_host(*rule.hosts)) {
    record.set(on_this_host, *here);
  } else {
    record.set_unreadable(on_this_host, {Error::Kind::unobservable,
                                         "addresses, netgroups or an unknown name decide whether this host is meant"});
  }
  if (rule.runas_users != nullptr) {
    set_list(record, run_as_users, policy.resolved(*rule.runas_users, SudoersAliasKind::runas));
  } else if (rule.runas_groups != nullptr) {
    record.set(run_as_users, TextList{});
  } else {
    record.set_absent(run_as_users);
  }
  if (rule.runas_groups != nullptr) {
    set_list(record, run_as_groups, policy.resolved(*rule.runas_groups, SudoersAliasKind::runas));
  } else {
    record.set_absent(run_as_groups);
  }

  record.set(command, written);
  auto resolved = policy.resolved(SudoersList{rule.command}, SudoersAliasKind::command);
  if (resolved) {
    bool any = false;
    bool all = false;
    for (auto& one : *resolved) {
      any = any || !one.starts_with('!');
      all = all || one == "ALL";
      one = formats::mask_secrets(one);
    }
    record.set(grants, any);
    record.set(all_commands, all);
    record.set(commands, std::move(*resolved));
  } else {
    for (const auto field : {commands, grants, all_commands}) record.set_unreadable(field, resolved.error());
  }

  record.set(no_password, rule.tags.no_password.value_or(false));
  const bool implied = rule.command.text == "ALL" && !rule.command.negated;
  record.set(set_environment, rule.tags.set_environment.value_or(implied));
  if (rule.tags.no_exec) {
    record.set(no_exec, *rule.tags.no_exec);
  } else {
    record.set_absent(no_exec);
  }
  record.set(options, rule.options != nullptr ? *rule.options : TextList{});
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& policy = sudoers_policy_of(sources);
  for (const auto& left_out : policy.left_out) sink.left_out(left_out.path, left_out.why, left_out.remedy);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    sink.looked_at(index,
                   policy.exists ? fmt::format("{} rules in {} files", policy.rules.size(), policy.files.size())
                                 : fmt::format("there is no {}", policy.main_file),
                   policy.main_file);
    for (const auto& rule : policy.rules) sink.add(index, record_of(policy, rule));
    if (policy.obstacle) sink.fail(index, *policy.obstacle);
  }
}

}  // namespace

const Probe sudoers_rule_probe = {&schema, collect};

}  // namespace plimsoll::probes
