#include "engine/probes/auditd.hpp"

#include <fmt/core.h>

#include <array>
#include <optional>

#include "engine/core/text.hpp"
#include "engine/formats/auditd_conf.hpp"
#include "engine/probes/file_facts.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::string_view conf_path = "/etc/audit/auditd.conf";

// What a setting is when the file does not set it, by the daemon's own source.
struct Setting {
  std::string_view key;
  ValueType type;
  std::string_view fallback;
  std::string_view meaning;
  std::string_view unit = {};
};
constexpr std::array settings = {
    Setting{"log_file", ValueType::text, "/var/log/audit/audit.log", "The file that the daemon writes to."},
    Setting{"log_group", ValueType::text, "root", "The group that may read it; the default is root."},
    Setting{"write_logs", ValueType::boolean, "yes", "Whether it writes at all."},
    Setting{"max_log_file", ValueType::integer, "0", "How large that file grows before max_log_file_action.", "MiB"},
    Setting{"max_log_file_action", ValueType::text, "ignore",
            "What then: ignore, syslog, exec, suspend, rotate, keep_logs."},
    Setting{"num_logs", ValueType::integer, "0", "How many files `rotate` keeps."},
    Setting{"space_left", ValueType::text, "0", "How much room is left, in MiB or per cent, before space_left_action."},
    Setting{"space_left_action", ValueType::text, "ignore",
            "What then: ignore, syslog, rotate, email, exec, suspend, single, halt."},
    Setting{"admin_space_left", ValueType::text, "0", "The same, lower, before admin_space_left_action."},
    Setting{"admin_space_left_action", ValueType::text, "ignore", "What then; the same words."},
    Setting{"action_mail_acct", ValueType::text, "root", "Who gets the mail of `email`."},
    Setting{"disk_full_action", ValueType::text, "ignore",
            "What happens when the disk is full: ignore, syslog, rotate, exec, suspend, single, halt."},
    Setting{"disk_error_action", ValueType::text, "syslog",
            "What happens when writing fails: ignore, syslog, exec, suspend, single, halt."},
    Setting{"flush", ValueType::text, "none",
            "How records reach the disk: none, incremental, incremental_async, data, sync."},
    Setting{"log_format", ValueType::text, "enriched", "How records are written: raw or enriched."},
};

constexpr std::array<FieldSchema, settings.size()> fields = [] {
  std::array<FieldSchema, settings.size()> made = {};
  for (std::size_t i = 0; i < settings.size(); ++i) {
    made[i] = {
        .name = settings[i].key, .type = settings[i].type, .meaning = settings[i].meaning, .unit = settings[i].unit};
  }
  return made;
}();
constexpr std::array<std::string_view, 1> read_from = {conf_path};
constexpr ProbeSchema schema = {
    .name = "auditd",
    .summary =
        "What the audit daemon is configured to do: of equal keys the last line counts, and what is not set is as the "
        "daemon has it. A file that it refuses to start with is an error.",
    .cardinality = Cardinality::exactly_one,
    .arguments = {},
    .fields = fields,
    .sources = read_from,
};

Result<formats::AuditdConf> read_conf(const sources::Root& root) {
  const auto text = root.read(conf_path, sources::max_config_bytes);
  if (!text) {
    if (text.error().kind == Error::Kind::not_found) return formats::AuditdConf{};
    return std::unexpected(text.error());
  }
  auto conf = formats::parse_auditd_conf(*text);
  if (!conf) conf.error().what = fmt::format("{}: {}", conf_path, conf.error().what);
  return conf;
}

/// Paths, mail addresses and names of groups keep their letters; the daemon's own words do not care.
bool is_word(std::string_view key) {
  return key.ends_with("_action") || key == "flush" || key == "log_format" || key == "write_logs";
}

std::optional<Value> value_of(const Setting& setting, std::string_view text) {
  if (setting.type == ValueType::integer) {
    const auto number = parse_integer(text);
    return number ? std::optional<Value>(*number) : std::nullopt;
  }
  auto word = is_word(setting.key) ? lower_case(text) : std::string(text);
  if (setting.type == ValueType::text) return Value{std::move(word)};
  if (word != "yes" && word != "no") return std::nullopt;
  return Value{word == "yes"};
}

Field field_of(const Setting& setting, const formats::AuditdConf& conf) {
  const auto found = conf.find(setting.key);
  if (found == conf.end()) {
    return Field{*value_of(setting, setting.fallback), fmt::format("{} (default)", conf_path), {}};
  }
  const auto source = fmt::format("{}:{}", conf_path, found->second.line);
  Field field{Absent{}, source, {}};
  for (const auto& [line, value] : found->second.before) {
    field.overridden.push_back({fmt::format("{}:{}", conf_path, line), value});
  }
  if (auto value = value_of(setting, found->second.value)) {
    field.state = std::move(*value);
  } else {
    field.state = Unreadable{
        {Error::Kind::malformed, fmt::format("{}: {} is not a value of {}", source, found->second.value, setting.key)}};
  }
  return field;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto conf = read_conf(sources.root);
  Record record(fields.size());
  record.resource = conf_path;
  record.source = conf_path;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (conf) {
      record.fields[i] = field_of(settings[i], *conf);
    } else {
      record.set_unreadable(i, conf.error());
    }
  }
  for (std::size_t i = 0; i < requests.size(); ++i) sink.add(i, record);
}

enum class LogField : std::uint8_t { path = file_field_count, directory };
constexpr std::size_t log_field_count = file_field_count + 2;
constexpr std::array<FieldSchema, log_field_count> log_fields = [] {
  std::array<FieldSchema, log_field_count> made = {};
  for (std::size_t i = 0; i < file_field_count; ++i) made[i] = file_field_schemas[i];
  made[file_field_count] = {"path", ValueType::text, "Where it is."};
  made[file_field_count + 1] = {"directory", ValueType::boolean,
                                "Whether this is the directory itself, and not a file in it."};
  return made;
}();
constexpr std::array<std::string_view, 4> log_read_from = {conf_path, "statx(2), getdents(2)",
                                                           "/etc/passwd and /etc/group", "/etc/nsswitch.conf"};
constexpr ProbeSchema log_schema = {
    .name = "audit_log",
    .summary =
        "The directory that the audit daemon writes to, by log_file of its configuration, and each file in it, seen as "
        "the probe `file` sees one. A directory that is not there gives no records.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = log_fields,
    .sources = log_read_from,
};

Record log_record(const std::string& path, bool directory, const sources::Sources& sources, const OwnerNames& names) {
  Record record(log_field_count);
  describe_file(record, path, sources.root, names);
  record.set(LogField::path, path);
  record.set(LogField::directory, directory);
  return record;
}

void collect_logs(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto fail_all = [&](const Error& why) {
    for (std::size_t i = 0; i < requests.size(); ++i) sink.fail(i, why);
  };
  const auto conf = read_conf(sources.root);
  if (!conf) return fail_all(conf.error());
  const auto setting = conf->find("log_file");
  const std::string file = setting == conf->end() ? std::string(settings[0].fallback) : setting->second.value;
  const auto slash = file.rfind('/');
  if (slash == std::string::npos || slash == 0) {
    return fail_all({Error::Kind::malformed, fmt::format("{}: log_file names no directory: {}", conf_path, file)});
  }
  const auto directory = file.substr(0, slash);
  const auto entries = sources.root.list(directory);
  const bool missing = !entries && entries.error().kind == Error::Kind::not_found;
  const OwnerNames names(sources);
  std::vector<Record> records;
  if (!missing) records.push_back(log_record(directory, true, sources, names));
  if (entries) {
    for (const auto& entry : *entries) {
      if (entry.type == sources::FileType::directory) continue;
      records.push_back(log_record(fmt::format("{}/{}", directory, entry.name), false, sources, names));
    }
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    for (const auto& record : records) sink.add(i, record);
    sink.looked_at(i,
                   missing ? fmt::format("{} does not exist", directory) : fmt::format("{} files", records.size() - 1),
                   directory);
    if (!entries && !missing) sink.fail(i, entries.error());
  }
}

}  // namespace

const Probe auditd_probe = {&schema, collect};
const Probe audit_log_probe = {&log_schema, collect_logs};

}  // namespace plimsoll::probes
