#include "engine/probes/polkit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/formats/glob.hpp"
#include "engine/probes/file_facts.hpp"
#include "engine/probes/polkit_files.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::string_view, 3> deciders_read = {
    "rules.d in /etc/polkit-1, /run/polkit-1, /usr/local/share/polkit-1 and /usr/share/polkit-1",
    "/var/lib/polkit-1/localauthority/*/*.pkla", "/etc/polkit-1/localauthority/*/*.pkla"};

// ---- polkit.file ----

constexpr std::array<std::string_view, 2> languages = {"javascript", "keys"};
enum class FileOfRules : std::uint8_t { path = file_field_count, language, in_use, may_decide };
constexpr std::size_t file_count = file_field_count + 4;
constexpr std::array<FieldSchema, file_count> file_fields = [] {
  std::array<FieldSchema, file_count> all{};
  std::copy(file_field_schemas.begin(), file_field_schemas.end(), all.begin());
  all[file_field_count] = {"path", ValueType::text, "Where it is."};
  all[file_field_count + 1] = {"language", ValueType::text,
                               "What it is written in: rules in JavaScript, or keys of local authority.", "",
                               languages};
  all[file_field_count + 2] = {"in_use", ValueType::boolean,
                               "Whether polkitd reads it: later ones take files of keys only with the program "
                               "pkla-check-authorization."};
  all[file_field_count + 3] = {"may_decide", ValueType::boolean,
                               "Whether it may decide about actions. JavaScript is not run: false only for files that "
                               "plainly do no more than name administrators. Unreadable when it is."};
  return all;
}();

constexpr ProbeSchema file_schema = {
    .name = "polkit.file",
    .summary =
        "The files whose rules polkitd asks before an action's own defaults: those in JavaScript in the order "
        "in which it asks them, then those of the local authority.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = file_fields,
    .sources = deciders_read,
};

void collect_files(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& found = polkit_files_of(sources);
  const OwnerNames names(sources);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    for (const auto& decider : found.deciders) {
      Record record(file_count);
      describe_file(record, decider.path, sources.root, names);
      record.set(FileOfRules::path, decider.path);
      record.set(FileOfRules::language, std::string(languages[decider.script ? 0 : 1]));
      record.set(FileOfRules::in_use, decider.in_use);
      if (decider.error) {
        record.set_unreadable(FileOfRules::may_decide, *decider.error);
      } else {
        record.set(FileOfRules::may_decide, decider.may_decide);
      }
      sink.add(i, std::move(record));
    }
    if (found.deciders_error) sink.fail(i, *found.deciders_error);
    sink.looked_at(i, fmt::format("{} files", found.deciders.size()), "/etc/polkit-1/rules.d");
  }
}

// ---- polkit.grant ----

enum Grant : std::size_t {
  name,
  identities,
  actions,
  result_any,
  result_inactive,
  result_active,
  grant_in_use,
  grant_count
};
constexpr std::array<FieldSchema, grant_count> grant_fields = {{
    {.name = "name", .type = ValueType::text, .meaning = "What its group is called."},
    {.name = "identities",
     .type = ValueType::list,
     .meaning = "Whom it is about: `unix-user:bob`, `unix-group:adm`, `unix-user:*` for everybody."},
    {.name = "actions", .type = ValueType::list, .meaning = "Patterns of the actions."},
    {.name = "result_any",
     .type = ValueType::text,
     .meaning = "What they get wherever they are, also over the network: no, yes, or the password that is asked for "
                "(auth_self, auth_admin); absent when it is left to others."},
    {.name = "result_inactive", .type = ValueType::text, .meaning = "Likewise in a session in the background."},
    {.name = "result_active", .type = ValueType::text, .meaning = "Likewise in the session in the foreground."},
    {.name = "in_use", .type = ValueType::boolean, .meaning = "Whether polkitd reads its file."},
}};
constexpr std::array<std::string_view, 2> grants_read = {deciders_read[1], deciders_read[2]};
constexpr ProbeSchema grant_schema = {
    .name = "polkit.grant",
    .summary = "What files of polkit's local authority (.pkla) give to whom, apart from an action's own defaults.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = grant_fields,
    .sources = grants_read,
};

Record describe(const PolkitDecider& file, const formats::PolkitGrant& grant) {
  Record record(grant_count);
  record.resource = "grant " + grant.name;
  record.source = fmt::format("{}:{}", file.path, grant.line);
  record.set(name, grant.name);
  record.set(identities, TextList(grant.identities));
  record.set(actions, TextList(grant.actions));
  for (const auto& [field, result] :
       {std::pair{result_any, &grant.result_any}, std::pair{result_inactive, &grant.result_inactive},
        std::pair{result_active, &grant.result_active}}) {
    if (result->empty()) {
      record.set_absent(field);
    } else {
      record.set(field, *result);
    }
  }
  record.set(grant_in_use, file.in_use);
  return record;
}

void collect_grants(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& found = polkit_files_of(sources);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    std::size_t count = 0;
    for (const auto& file : found.deciders) {
      if (file.script) continue;
      if (file.error) sink.fail(i, *file.error);
      for (const auto& grant : file.grants) sink.add(i, describe(file, grant));
      count += file.grants.size();
    }
    if (found.deciders_error) sink.fail(i, *found.deciders_error);
    sink.looked_at(i, fmt::format("{} grants", count), "/etc/polkit-1/localauthority");
  }
}

// ---- polkit.action ----

enum Action : std::size_t {
  id,
  any,
  inactive,
  active,
  declared_any,
  declared_inactive,
  declared_active,
  changed_by,
  action_count
};
constexpr std::array<FieldSchema, action_count> action_fields = {{
    {.name = "id", .type = ValueType::text, .meaning = "Its name: `org.freedesktop.login1.reboot`."},
    {.name = "any",
     .type = ValueType::text,
     .meaning = "What is asked of everybody, also over the network; unreadable where a file of rules may change it.",
     .allowed = formats::polkit_answers},
    {.name = "inactive",
     .type = ValueType::text,
     .meaning = "What is asked in a session in the background; unreadable as `any` is.",
     .allowed = formats::polkit_answers},
    {.name = "active",
     .type = ValueType::text,
     .meaning = "What is asked in the session in the foreground; unreadable as `any` is.",
     .allowed = formats::polkit_answers},
    {.name = "declared_any",
     .type = ValueType::text,
     .meaning = "What the action itself says of everybody; no when it does not.",
     .allowed = formats::polkit_answers},
    {.name = "declared_inactive",
     .type = ValueType::text,
     .meaning = "What the action itself says of sessions in the background.",
     .allowed = formats::polkit_answers},
    {.name = "declared_active",
     .type = ValueType::text,
     .meaning = "What the action itself says of the session in the foreground.",
     .allowed = formats::polkit_answers},
    {.name = "changed_by",
     .type = ValueType::list,
     .meaning = "The files of rules that may decide otherwise, for some or for all."},
}};
constexpr std::array<std::string_view, 4> actions_read = {
    "actions in /etc/polkit-1, /run/polkit-1, /usr/local/share/polkit-1 and /usr/share/polkit-1", deciders_read[0],
    deciders_read[1], deciders_read[2]};
constexpr ProbeSchema action_schema = {
    .name = "polkit.action",
    .summary = "The actions that programs declare to polkit, and what is asked of those who want them.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = action_fields,
    .sources = actions_read,
};

bool may_change(const PolkitDecider& file, const std::string& action) {
  if (!file.may_decide) return false;
  if (file.script || file.error) return true;
  return std::ranges::any_of(file.grants, [&](const formats::PolkitGrant& grant) {
    return std::ranges::any_of(grant.actions, [&](const std::string& pattern) {
      return formats::glob_matches(pattern, action, formats::GlobKind::text);
    });
  });
}

Record describe(const PolkitActionFile& file, const formats::PolkitAction& action, const PolkitFiles& all) {
  Record record(action_count);
  record.resource = "action " + action.id;
  record.source = file.path;
  record.set(id, action.id);
  record.set(declared_any, action.allow_any);
  record.set(declared_inactive, action.allow_inactive);
  record.set(declared_active, action.allow_active);
  TextList changing;
  for (const auto& decider : all.deciders) {
    if (may_change(decider, action.id)) changing.push_back(decider.path);
  }
  std::optional<Error> why = all.deciders_error;
  if (!changing.empty()) {
    why = Error{Error::Kind::unsupported, fmt::format("the rules in {} may decide otherwise", changing.front())};
  }
  record.set(changed_by, std::move(changing));
  if (all.deciders_error) record.set_unreadable(changed_by, *all.deciders_error);
  for (const auto& [field, declared] : {std::pair{any, &action.allow_any}, std::pair{inactive, &action.allow_inactive},
                                        std::pair{active, &action.allow_active}}) {
    if (why) {
      record.set_unreadable(field, *why);
    } else {
      record.set(field, *declared);
    }
  }
  return record;
}

void collect_actions(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& found = polkit_files_of(sources);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    for (const auto& file : found.actions) {
      if (!file.actions) {
        sink.fail(i, file.actions.error());
        continue;
      }
      for (const auto& action : *file.actions) {
        if (sources.stop.stop_requested()) {
          return sink.fail(i, {Error::Kind::timed_out, fmt::format("stopped in the actions of {}", file.path)});
        }
        sink.add(i, describe(file, action, found));
      }
    }
    if (found.actions_error) sink.fail(i, *found.actions_error);
    sink.looked_at(i, fmt::format("{} files of actions", found.actions.size()), "/usr/share/polkit-1/actions");
  }
}

}  // namespace

const Probe polkit_file_probe = {&file_schema, collect_files};
const Probe polkit_grant_probe = {&grant_schema, collect_grants};
const Probe polkit_action_probe = {&action_schema, collect_actions};

}  // namespace plimsoll::probes
