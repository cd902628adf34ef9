#include "engine/probes/gdm.hpp"

#include <fmt/core.h>

#include <array>

#include "engine/core/text.hpp"
#include "engine/formats/key_file.hpp"

namespace plimsoll::probes {
namespace {

struct Setting {
  std::string_view field;
  std::string_view group;
  std::string_view key;
  bool fallback;
  std::string_view meaning;
};
constexpr std::array settings = {
    Setting{"xdmcp_enabled", "xdmcp", "Enable", false,
            "Whether other machines get a login screen over the network (XDMCP); not when it is not set."},
    Setting{"wayland_enabled", "daemon", "WaylandEnable", true,
            "Whether sessions and the login screen may use Wayland; so when it is not set."},
    Setting{"automatic_login", "daemon", "AutomaticLoginEnable", false,
            "Whether somebody is logged in without a password at the start; not when it is not set."},
    Setting{"timed_login", "daemon", "TimedLoginEnable", false,
            "Whether somebody is logged in without a password after a while; not when it is not set."},
};
constexpr std::array<FieldSchema, settings.size()> fields = [] {
  std::array<FieldSchema, settings.size()> made = {};
  for (std::size_t i = 0; i < settings.size(); ++i) {
    made[i] = {.name = settings[i].field, .type = ValueType::boolean, .meaning = settings[i].meaning};
  }
  return made;
}();
// Debian, Ubuntu, and the others.
constexpr std::array<std::string_view, 3> paths = {"/etc/gdm3/daemon.conf", "/etc/gdm3/custom.conf",
                                                   "/etc/gdm/custom.conf"};
constexpr ProbeSchema schema = {
    .name = "gdm",
    .summary =
        "The configuration of GDM, one record for each file of it that is there: which one a GDM reads was settled "
        "when it "
        "was built, and only one is there as a rule. Without any, GDM has its defaults.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .presence = {},
    .sources = paths,
};

/// gdm_settings_parse_value_as_boolean; nothing else is a truth, and the default stays.
bool truth(std::string_view value, bool fallback) {
  if (value == "1" || lower_case(value) == "true") return true;
  if (value == "0" || lower_case(value) == "false") return false;
  return fallback;
}

Record record_of(std::string_view path, const std::vector<formats::KeyFileEntry>& entries) {
  Record record(fields.size());
  record.resource = path;
  record.source = path;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const auto& setting = settings[i];
    const auto* found = formats::find_entry(entries, setting.group, setting.key);
    auto& field = record.set(i, found == nullptr ? setting.fallback : truth(found->value, setting.fallback),
                             found == nullptr ? std::string(path) : fmt::format("{}:{}", path, found->line));
    for (const auto& entry : entries) {
      if (&entry == found || entry.group != setting.group || entry.key != setting.key) continue;
      field.overridden.push_back({fmt::format("{}:{}", path, entry.line), entry.value});
    }
  }
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  std::vector<Record> records;
  std::optional<Error> failure;
  for (const auto path : paths) {
    const auto text = sources.root.read(path, sources::max_config_bytes);
    if (!text && text.error().kind == Error::Kind::not_found) continue;
    if (!text) {
      failure = text.error();
      continue;
    }
    const auto entries = formats::parse_key_file(*text);
    if (entries) {
      records.push_back(record_of(path, *entries));
    } else {
      failure = Error{entries.error().kind, fmt::format("{}: {}", path, entries.error().what)};
    }
  }
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& record : records) sink.add(index, record);
    if (failure) sink.fail(index, *failure);
    if (records.empty() && !failure) sink.looked_at(index, "no configuration of GDM", std::string(paths[0]));
  }
}

}  // namespace

const Probe gdm_probe = {&schema, collect};

}  // namespace plimsoll::probes
