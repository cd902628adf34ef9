#include <fmt/core.h>

#include <array>

#include "engine/formats/pam_settings.hpp"
#include "engine/probes/pam_module_fields.hpp"
#include "engine/probes/pam_modules.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t {
  action = pam_field_count,
  deny,
  fail_interval,
  unlock_time,
  even_deny_root,
  root_unlock_time,
  local_users_only,
  field_count,
};

constexpr std::array<std::string_view, 3> actions = {"preauth", "authfail", "authsucc"};

constexpr auto fields = with_pam_fields(std::array<FieldSchema, field_count - pam_field_count>{{
    {.name = "action",
     .type = ValueType::text,
     .meaning =
         "What the call does: preauth refuses locked accounts, authfail counts a failure, authsucc forgets them.",
     .allowed = actions},
    {.name = "deny", .type = ValueType::integer, .meaning = "After how many failures an account is locked; 0: never."},
    {.name = "fail_interval",
     .type = ValueType::integer,
     .meaning = "Within which time these failures must happen.",
     .unit = "seconds"},
    {.name = "unlock_time",
     .type = ValueType::integer,
     .meaning = "After which time the account is open again; 0: only when an administrator opens it.",
     .unit = "seconds"},
    {.name = "even_deny_root",
     .type = ValueType::boolean,
     .meaning = "Whether root is locked too. root_unlock_time alone does not do that, whatever faillock.conf(5) says."},
    {.name = "root_unlock_time",
     .type = ValueType::integer,
     .meaning = "As unlock_time, for root; the same as unlock_time when not set.",
     .unit = "seconds"},
    {.name = "local_users_only",
     .type = ValueType::boolean,
     .meaning = "Whether users that do not stand in /etc/passwd are never locked."},
}});

constexpr auto source_names = with_pam_sources(std::to_array<std::string_view>({"/etc/security/faillock.conf"}));

constexpr ProbeSchema schema = {
    .name = "pam.faillock",
    .summary =
        "How the auth stacks of services call pam_faillock, which locks accounts on which passwords are guessed: "
        "faillock.conf, overridden by arguments.",
    .cardinality = Cardinality::any,
    .arguments = pam_module_arguments,
    .fields = fields,
    .sources = source_names,
};

constexpr std::string_view default_source = "default of pam_faillock";
constexpr std::string_view default_conf = "/etc/security/faillock.conf";
constexpr std::int64_t max_interval = 604'800;

/// What the module holds while it reads its settings.
class Settings {
 public:
  void take(std::string_view name, std::string_view value, const std::string& source) {
    if (name == "deny") {
      if (const auto number = formats::scan_unsigned(value, 16)) deny_.take(*number, ValueType::integer, source);
    } else if (name == "fail_interval") {
      take_time(fail_interval_, value, source);
    } else if (name == "unlock_time" || name == "root_unlock_time") {
      auto& time = name == "unlock_time" ? unlock_time_ : root_unlock_time_;
      if (value == "never") {
        time.take(std::int64_t{0}, ValueType::integer, source);
      } else {
        take_time(time, value, source);
      }
    } else if (name == "even_deny_root") {
      even_deny_root_.take(true, ValueType::boolean, source);
    } else if (name == "local_users_only") {
      local_users_only_.take(true, ValueType::boolean, source);
    }
  }

  void write(Record& record) const {
    record.fields[deny] = deny_.field();
    record.fields[fail_interval] = fail_interval_.field();
    record.fields[unlock_time] = unlock_time_.field();
    record.fields[even_deny_root] = even_deny_root_.field();
    record.fields[root_unlock_time] = root_unlock_time_.value() ? root_unlock_time_.field() : unlock_time_.field();
    record.fields[local_users_only] = local_users_only_.field();
  }

 private:
  static void take_time(PamValue& time, std::string_view value, const std::string& source) {
    const auto number = formats::scan_unsigned(value, 32);
    if (number && *number <= max_interval) time.take(*number, ValueType::integer, source);
  }

  PamValue deny_{Value{std::int64_t{3}}, std::string(default_source)};
  PamValue fail_interval_{Value{std::int64_t{900}}, std::string(default_source)};
  PamValue unlock_time_{Value{std::int64_t{600}}, std::string(default_source)};
  PamValue even_deny_root_{Value{false}, std::string(default_source)};
  PamValue root_unlock_time_{std::nullopt, std::string(default_source)};
  PamValue local_users_only_{Value{false}, std::string(default_source)};
};

void fill(const PamStackLine& line, const sources::Root& root, Record& record) {
  std::string conf(default_conf);
  bool named = false;
  std::string what = "preauth";  // without any of the three words
  for (const std::string_view argument : line.arguments) {
    if (argument.starts_with("conf=")) {
      conf = argument.substr(std::string_view("conf=").size());
      named = true;
    }
    for (const auto word : actions) {
      if (argument == word) what = word;
    }
  }
  record.set(action, what);

  Settings settings;
  const auto text = root.read(conf, sources::max_config_bytes);
  if (text) {
    for (const auto& setting : formats::parse_pam_settings(*text).settings) {
      settings.take(setting.name, setting.value, fmt::format("{}:{}", conf, setting.line));
    }
  } else if (named || text.error().kind != Error::Kind::not_found) {
    // A file that an argument names must be there, else the module fails whatever happens.
    for (std::size_t i = deny; i < field_count; ++i) record.set_unreadable(i, text.error(), conf);
    return;
  }
  for (const auto& argument : line.arguments) {
    const auto [name, value] = split_pam_argument(argument);
    settings.take(name, value, line.source);
  }
  settings.write(record);
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    collect_pam_module(i, *requests[i].fact, formats::PamType::auth, "pam_faillock", sources, sink,
                       [&](const PamStackLine& line, Record& record) { fill(line, sources.root, record); });
  }
}

}  // namespace

const Probe pam_faillock_probe = {&schema, collect};

}  // namespace plimsoll::probes
