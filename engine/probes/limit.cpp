#include "engine/probes/limit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "engine/formats/limits_conf.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::string_view main_file = "/etc/security/limits.conf";
constexpr std::string_view directory = "/etc/security/limits.d";

enum FieldIndex : std::size_t { hard, soft, exceptions, field_count };

constexpr std::array<ArgumentSchema, 1> arguments = {{
    {.name = "item", .type = ValueType::text, .meaning = "What is limited, in words of limits.conf(5): core, nproc."},
}};
constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "hard",
     .type = ValueType::scalar,
     .meaning = "The hard limit of everybody but root (domain `*`), which no program can raise; absent when not set."},
    {.name = "soft",
     .type = ValueType::scalar,
     .meaning = "The soft limit of everybody but root, which programs start with; absent when not set."},
    {.name = "exceptions",
     .type = ValueType::list,
     .meaning = "Users and groups with a hard limit of their own, which beats that of everybody wherever it stands: "
                "\"@admins unlimited\"; root is among them when named."},
}};
constexpr std::array<std::string_view, 2> read_from = {"/etc/security/limits.conf", "/etc/security/limits.d/*.conf"};

constexpr ProbeSchema schema = {
    .name = "limit",
    .summary = "One limit that pam_limits(8) sets at login. Services do not log in: theirs are in their units.",
    .cardinality = Cardinality::exactly_one,
    .arguments = arguments,
    .fields = fields,
    .sources = read_from,
};

struct Located {
  formats::LimitLine line;
  std::string source;
};

struct Limits {
  std::vector<Located> lines;
  std::optional<Error> error;
};

/// The main file, then those of the directory by name, as bytes.
Limits read_limits(const sources::Root& root) {
  Limits out;
  const auto read = [&](const std::string& path) {
    const auto text = root.read(path, sources::max_config_bytes);
    if (!text) {
      if (text.error().kind != Error::Kind::not_found && !out.error) out.error = text.error();
      return;
    }
    for (auto& line : formats::parse_limits_conf(*text)) {
      auto source = fmt::format("{}:{}", path, line.line);
      out.lines.push_back({std::move(line), std::move(source)});
    }
  };
  read(std::string(main_file));
  const auto entries = root.list(directory);
  if (!entries) {
    if (entries.error().kind != Error::Kind::not_found && !out.error) out.error = entries.error();
    return out;
  }
  for (const auto& entry : *entries) {
    if (entry.name.ends_with(".conf") && !entry.name.starts_with('.'))
      read(fmt::format("{}/{}", directory, entry.name));
  }
  return out;
}

void set_for_all(Record& record, FieldIndex field, std::string_view type, const Limits& limits,
                 const std::string& item) {
  Field made{Absent{}, std::string(main_file), {}};
  for (const auto& [line, source] : limits.lines) {
    if (line.domain != "*" || line.item != item || (line.type != type && line.type != "-")) continue;
    if (const auto* before = made.value()) made.overridden.push_back({made.source, std::get<std::string>(*before)});
    made.state = Value{line.value};
    made.source = source;
  }
  record.fields[field] = std::move(made);
}

void set_exceptions(Record& record, const Limits& limits, const std::string& item) {
  std::map<std::string, const Located*, std::less<>> last;
  for (const auto& located : limits.lines) {
    const auto& line = located.line;
    if (line.domain == "*" || line.type == "soft") continue;
    if (line.item.empty() || line.item == item) last[line.domain] = &located;
  }
  TextList found;
  std::string source;
  for (const auto& [domain, located] : last) {
    if (source.empty()) source = located->source;
    found.push_back(fmt::format("{} {}", domain, located->line.item.empty() ? "unlimited" : located->line.value));
  }
  record.set(exceptions, std::move(found), source.empty() ? std::string(main_file) : source);
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto limits = read_limits(sources.root);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const std::string& item = requests[index].fact->text(0);
    Record record(fields.size());
    record.resource = "limit " + item;
    record.source = main_file;
    if (limits.error) {
      for (std::size_t i = 0; i < fields.size(); ++i) record.set_unreadable(i, *limits.error);
    } else {
      set_for_all(record, hard, "hard", limits, item);
      set_for_all(record, soft, "soft", limits, item);
      set_exceptions(record, limits, item);
    }
    sink.add(index, std::move(record));
  }
}

}  // namespace

const Probe limit_probe = {&schema, collect};

}  // namespace plimsoll::probes
