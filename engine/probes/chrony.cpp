#include "engine/probes/chrony.hpp"

#include <fmt/core.h>

#include <array>

#include "engine/probes/chrony_config.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::string_view, 5> source_names = {
    "/etc/chrony/chrony.conf or /etc/chrony.conf", "the files of include, confdir and sourcedir",
    "chrony.service or chronyd.service", "/etc/default/chrony", "/etc/sysconfig/chronyd"};

enum ConfigField : std::size_t { exists, user, source_list };
constexpr std::array<FieldSchema, 3> config_fields = {{
    {.name = "exists", .type = ValueType::boolean, .meaning = "Whether its main file is there."},
    {.name = "user",
     .type = ValueType::text,
     .meaning = "The user whom the option -u, else the directive `user`, names; absent when neither does, so that "
                "the user it was built with counts (_chrony on Debian, chrony on Red Hat)."},
    {.name = "sources",
     .type = ValueType::list,
     .meaning = "Whom it asks for the time: \"pool 2.debian.pool.ntp.org iburst\"; see `chrony.source`."},
}};

constexpr ProbeSchema config_schema = {
    .name = "chrony",
    .summary = "What chronyd starts with: the options of its unit, its configuration with all files it includes.",
    .cardinality = Cardinality::exactly_one,
    .arguments = {},
    .fields = config_fields,
    .presence = "exists",
    .sources = source_names,
};

enum SourceField : std::size_t { kind, address, options, dynamic };
constexpr std::array<std::string_view, 4> kinds = {"server", "pool", "peer", "refclock"};
constexpr std::array<FieldSchema, 4> source_fields = {{
    {.name = "kind",
     .type = ValueType::text,
     .meaning = "What it is: a server, all servers of a name, a peer, or a clock of this machine.",
     .allowed = kinds},
    {.name = "address", .type = ValueType::text, .meaning = "Its name or address; of a reference clock the driver."},
    {.name = "options", .type = ValueType::text, .meaning = "The words behind it, empty when there are none."},
    {.name = "dynamic",
     .type = ValueType::boolean,
     .meaning = "Whether it comes from a file below /run, which a DHCP client or the like writes: the network chose "
                "it, and the next boot may choose another."},
}};

constexpr ProbeSchema source_schema = {
    .name = "chrony.source",
    .summary =
        "The sources of time that chronyd is told of: server, pool, peer and refclock lines of its configuration "
        "and of its source directories.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = source_fields,
    .sources = source_names,
};

void collect_config(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& config = chrony_config(sources);
  Record record(config_fields.size());
  record.resource = "chronyd";
  record.source = config.path;
  if (config.error) {
    for (std::size_t i = 0; i < config_fields.size(); ++i) record.set_unreadable(i, *config.error);
    if (config.exists) record.set(exists, true);
  } else {
    TextList list;
    for (const auto& source : config.sources) {
      list.push_back(
          fmt::format("{} {}{}{}", source.kind, source.address, source.options.empty() ? "" : " ", source.options));
    }
    record.set(exists, config.exists);
    record.set(source_list, std::move(list));
    auto& field = config.user ? record.set(user, *config.user, config.user_source) : record.set_absent(user);
    field.overridden = config.other_users;
  }
  for (std::size_t index = 0; index < requests.size(); ++index) sink.add(index, record);
}

void collect_sources(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& config = chrony_config(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& source : config.sources) {
      Record record(source_fields.size());
      record.resource = fmt::format("{} {}", source.kind, source.address);
      record.source = source.source;
      record.set(kind, source.kind);
      record.set(address, source.address);
      record.set(options, source.options);
      record.set(dynamic, source.dynamic);
      sink.add(index, std::move(record));
    }
    sink.looked_at(index, fmt::format("{} sources of time", config.sources.size()), config.path);
    if (config.error) sink.fail(index, *config.error);
  }
}

}  // namespace

const Probe chrony_probe = {&config_schema, collect_config};
const Probe chrony_source_probe = {&source_schema, collect_sources};

}  // namespace plimsoll::probes
