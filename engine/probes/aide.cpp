#include "engine/probes/aide.hpp"

#include <fmt/core.h>

#include <array>
#include <optional>

#include "engine/formats/aide_conf.hpp"
#include "engine/probes/audit_rule_sets.hpp"

namespace plimsoll::probes {
namespace {

enum class Out : std::uint8_t { path, exists, selected, attributes };

constexpr std::array<ArgumentSchema, 1> arguments = {{
    {"paths", ValueType::list, true, "The files that are asked about, by any path that leads to them."},
}};
constexpr std::array<FieldSchema, 4> fields = {{
    {"path", ValueType::text, "Where the file is, links resolved: AIDE does not follow them."},
    {"exists", ValueType::boolean, "Whether it is there."},
    {"selected", ValueType::boolean,
     "Whether AIDE compares it. Unreadable when no line says so and there are scripts that AIDE runs for more lines."},
    {"attributes", ValueType::list,
     "In what it is compared, groups resolved to single words; absent when it is not selected."},
}};
constexpr std::array<std::string_view, 3> read_from = {"/etc/aide/aide.conf", "/etc/aide.conf", "what they include"};
constexpr ProbeSchema schema = {
    .name = "aide",
    .summary =
        "Whether AIDE compares a file with its database, by the rule that decides in its configuration. What scripts "
        "among its fragments print is not known; they are named.",
    .cardinality = Cardinality::any,
    .arguments = arguments,
    .fields = fields,
    .sources = read_from,
};

/// The configuration of the release: Debian's package has its own place.
Result<std::string> configuration(const sources::Root& root) {
  for (const std::string_view path : {"/etc/aide/aide.conf", "/etc/aide.conf"}) {
    const auto status = root.status(path);
    if (status) return std::string(path);
    if (status.error().kind != Error::Kind::not_found) return std::unexpected(status.error());
  }
  return std::string();
}

formats::AideFiles files_of(const sources::Root& root) {
  formats::AideFiles files;
  files.read = [&root](const std::string& path) { return root.read(path, sources::max_config_bytes); };
  files.list = [&root](const std::string& directory) -> Result<std::vector<formats::AideFragment>> {
    const auto entries = root.list(directory);
    if (!entries) return std::unexpected(entries.error());
    std::vector<formats::AideFragment> fragments;
    for (const auto& entry : *entries) {
      const auto status = root.status(fmt::format("{}/{}", directory, entry.name));
      if (!status || status->type != sources::FileType::regular) continue;
      fragments.push_back({entry.name, (status->mode & 0111U) != 0});
    }
    return fragments;
  };
  return files;
}

Record record_of(const std::string& asked, const std::string& from, const Result<formats::AideConf>& conf,
                 const sources::Root& root) {
  const auto path = with_links_resolved_above(root, asked);
  Record record(fields.size());
  record.resource = asked;
  record.source = from;
  record.set(Out::path, path, path);
  const auto status = root.link_status(path);
  if (status || status.error().kind == Error::Kind::not_found) {
    record.set(Out::exists, status.has_value(), path);
  } else {
    record.set_unreadable(Out::exists, status.error(), path);
  }
  const auto rule = conf ? formats::deciding_aide_rule(*conf, path) : std::unexpected(conf.error());
  if (!rule) {
    record.set_unreadable(Out::selected, rule.error());
    record.set_unreadable(Out::attributes, rule.error());
    return record;
  }
  const bool selected = *rule != nullptr && ((*rule)->kind == formats::AideRule::Kind::selects ||
                                             (*rule)->kind == formats::AideRule::Kind::selects_itself);
  if (*rule == nullptr && !conf->scripts.empty()) {
    const Error why{Error::Kind::unsupported,
                    fmt::format("no line selects {}, but AIDE runs {} for more lines", path, conf->scripts.front())};
    record.set_unreadable(Out::selected, why);
    record.set_unreadable(Out::attributes, why);
    return record;
  }
  const auto source = *rule == nullptr ? from : (*rule)->source;
  record.set(Out::selected, selected, source);
  if (selected) {
    record.set(Out::attributes, TextList((*rule)->attributes.begin(), (*rule)->attributes.end()), source);
  } else {
    record.set_absent(Out::attributes, source);
  }
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto path = configuration(sources.root);
  if (!path) {
    for (std::size_t i = 0; i < requests.size(); ++i) sink.fail(i, path.error());
    return;
  }
  const auto conf = path->empty() ? Result<formats::AideConf>(formats::AideConf{})
                                  : formats::parse_aide_conf(*path, files_of(sources.root));
  const std::string from = path->empty() ? "/etc/aide/aide.conf" : *path;
  if (conf) {
    for (const auto& script : conf->scripts) {
      sink.left_out(script, "AIDE runs it to read its output, which is not known", "");
    }
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    for (const auto& asked : std::get<TextList>(*requests[i].fact->arguments[0])) {
      sink.add(i, record_of(asked, from, conf, sources.root));
    }
    sink.looked_at(i, "the configuration of AIDE", from);
  }
}

}  // namespace

const Probe aide_probe = {&schema, collect};

}  // namespace plimsoll::probes
