#include "engine/probes/dpkg_overrides.hpp"

#include <fmt/core.h>

#include <array>
#include <optional>
#include <vector>

#include "engine/formats/dpkg_overrides.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::string_view diversions_path = "/var/lib/dpkg/diversions";
constexpr std::string_view overrides_path = "/var/lib/dpkg/statoverride";

enum Diversion : std::size_t { from, to, package, local, diversion_count };
constexpr std::array<FieldSchema, diversion_count> diversion_fields = {{
    {.name = "path",
     .type = ValueType::text,
     .meaning = "Where packages want their file to be; what is there is of the package that asked, or of nobody."},
    {.name = "diverted_to", .type = ValueType::text, .meaning = "Where dpkg puts the file of the others."},
    {.name = "package",
     .type = ValueType::text,
     .meaning = "The package that asked for it; absent for a local one, which a person made or a script in his name."},
    {.name = "local", .type = ValueType::boolean, .meaning = "Whether no package asked for it."},
}};
constexpr std::array<std::string_view, 1> diversions_read = {diversions_path};
constexpr ProbeSchema diversion_schema = {
    .name = "dpkg.diversion",
    .summary = "The files of packages that dpkg puts elsewhere (dpkg-divert(1)). A host without dpkg has none.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = diversion_fields,
    .sources = diversions_read,
};

enum Override : std::size_t { path, owner, group, mode, override_count };
constexpr std::array<FieldSchema, override_count> override_fields = {{
    {.name = "path", .type = ValueType::text, .meaning = "The file or directory."},
    {.name = "owner", .type = ValueType::text, .meaning = "Its owner, or # and the id."},
    {.name = "group", .type = ValueType::text, .meaning = "Its group, or # and the id."},
    {.name = "mode", .type = ValueType::mode, .meaning = "Its mode, with set-id and sticky bits."},
}};
constexpr std::array<std::string_view, 1> overrides_read = {overrides_path};
constexpr ProbeSchema override_schema = {
    .name = "dpkg.stat_override",
    .summary =
        "Owners and modes that dpkg gives files, now and after each update, whatever their packages say "
        "(dpkg-statoverride(1)). A host without dpkg has none.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = override_fields,
    .sources = overrides_read,
};

Record describe(const formats::DpkgDiversion& entry) {
  Record record(diversion_count);
  record.resource = "diversion of " + entry.path;
  record.source = fmt::format("{}:{}", diversions_path, entry.line);
  record.set(from, entry.path);
  record.set(to, entry.diverted_to);
  if (entry.package.empty()) {
    record.set_absent(package);
  } else {
    record.set(package, entry.package);
  }
  record.set(local, entry.package.empty());
  return record;
}

Record describe(const formats::DpkgStatOverride& entry) {
  Record record(override_count);
  record.resource = "override of " + entry.path;
  record.source = fmt::format("{}:{}", overrides_path, entry.line);
  record.set(path, entry.path);
  record.set(owner, entry.owner);
  record.set(group, entry.group);
  record.set(mode, std::int64_t{entry.mode});
  return record;
}

/// Every entry of a file of dpkg becomes a record; a file that is not there has none.
template <class Parse>
void collect_file(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink,
                  std::string_view file, Parse parse) {
  const auto text = sources.root.read(file, sources::max_config_bytes);
  const bool missing = !text && is_missing(text.error());
  std::optional<Error> failure;
  std::vector<Record> records;
  if (text) {
    const auto entries = parse(*text);
    if (entries) {
      for (const auto& entry : *entries) records.push_back(describe(entry));
    } else {
      failure = Error{entries.error().kind, fmt::format("{}: {}", file, entries.error().what)};
    }
  } else if (!missing) {
    failure = text.error();
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    for (const auto& record : records) sink.add(i, record);
    if (failure) sink.fail(i, *failure);
    sink.looked_at(i, missing ? "there is no such file" : fmt::format("{} entries", records.size()), std::string(file));
  }
}

void collect_diversions(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  collect_file(requests, sources, sink, diversions_path, formats::parse_dpkg_diversions);
}

void collect_overrides(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  collect_file(requests, sources, sink, overrides_path, formats::parse_dpkg_stat_overrides);
}

}  // namespace

const Probe dpkg_diversion_probe = {&diversion_schema, collect_diversions};
const Probe dpkg_stat_override_probe = {&override_schema, collect_overrides};

}  // namespace plimsoll::probes
