#include "engine/probes/limit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "engine/core/text.hpp"
#include "engine/formats/limits_conf.hpp"
#include "engine/probes/pam_module_fields.hpp"
#include "engine/probes/path_glob.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t { domain, exempt, hard, soft, field_count };

constexpr std::array<ArgumentSchema, 1> arguments = {{
    {.name = "item", .meaning = "What is limited, as limits.conf(5) calls it, such as `core` or `nofile`."},
}};

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "domain",
     .type = ValueType::text,
     .meaning = "Whom it is about: `*` for everybody, a user, `@` and a group, or a range of ids."},
    {.name = "exempt",
     .type = ValueType::boolean,
     .meaning = "Whether a line takes them out of all limits, whatever else is written."},
    {.name = "hard",
     .type = ValueType::integer,
     .meaning =
         "The limit that they cannot raise, in the item's own unit (KiB for core); -1: none. Where only the soft "
         "one is set for them, that of `*`. Absent when nothing sets it, or they are exempt."},
    {.name = "soft",
     .type = ValueType::integer,
     .meaning = "The limit that they begin with; likewise. The hard one caps it."},
}};

constexpr std::array<std::string_view, 2> source_names = {"/etc/security/limits.conf", "/etc/security/limits.d/*.conf"};

constexpr ProbeSchema schema = {
    .name = "limit",
    .summary =
        "The limits of one item that pam_limits sets at login: one record for everybody (`*`), and one for each user, "
        "group "
        "or range with a line of their own, which counts before `*`. Of equal lines the last counts: limits.conf "
        "first, then "
        "limits.d by name. Debian's pam_limits does not hold `*` against root.",
    .cardinality = Cardinality::any,
    .arguments = arguments,
    .fields = fields,
    .sources = source_names,
};

constexpr std::string_view main_file = "/etc/security/limits.conf";

struct PlacedLine {
  formats::LimitLine line;
  std::string source;
};

/// Files that are not there have no lines.
Result<std::vector<PlacedLine>> read_lines(const sources::Root& root) {
  auto paths = glob_paths(root, "/etc/security/limits.d/*.conf");
  if (!paths) return std::unexpected(paths.error());
  paths->insert(paths->begin(), std::string(main_file));
  std::vector<PlacedLine> lines;
  for (const auto& path : *paths) {
    const auto text = root.read(path, sources::max_config_bytes);
    if (!text) {
      if (text.error().kind == Error::Kind::not_found) continue;
      return std::unexpected(text.error());
    }
    for (auto& line : formats::parse_limits_conf(*text)) {
      auto source = fmt::format("{}:{}", path, line.line);
      lines.push_back({std::move(line), std::move(source)});
    }
  }
  return lines;
}

struct Limits {
  PamValue hard{std::nullopt, std::string(main_file)};
  PamValue soft{std::nullopt, std::string(main_file)};
  std::string exempt;  ///< the line that says so
  std::string source;
};

/// By domain; `*` always stands there.
std::map<std::string, Limits> limits_of(const std::vector<PlacedLine>& lines, std::string_view item) {
  std::map<std::string, Limits> found;
  found["*"].source = main_file;
  for (const auto& [line, source] : lines) {
    if (line.domain.starts_with('%')) continue;       // limits the number of logins, nothing else
    if (line.exempt && line.domain == "*") continue;  // pam_limits takes it for the name of a user
    if (!line.exempt && line.item != item) continue;
    auto& limits = found[line.domain];
    limits.source = source;
    if (line.exempt && limits.exempt.empty()) limits.exempt = source;
    if (line.hard) limits.hard.take(line.value, ValueType::integer, source);
    if (line.soft) limits.soft.take(line.value, ValueType::integer, source);
  }
  return found;
}

Record record_of(const std::string& of_domain, const Limits& own, const Limits& everybody, std::string_view item) {
  Record record(fields.size());
  record.resource = fmt::format("limit {} of {}", item, of_domain);
  record.source = own.source;
  record.set(domain, of_domain);
  record.set(exempt, !own.exempt.empty(), own.exempt);
  if (own.exempt.empty()) {
    record.fields[hard] = (own.hard.value() ? own.hard : everybody.hard).field();
    record.fields[soft] = (own.soft.value() ? own.soft : everybody.soft).field();
  } else {
    record.set_absent(hard, own.exempt);
    record.set_absent(soft, own.exempt);
  }
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto lines = read_lines(sources.root);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!lines) {
      sink.fail(i, lines.error());
      continue;
    }
    const auto& item = requests[i].fact->text(0);
    const auto limits = limits_of(*lines, item);
    for (const auto& [of_domain, own] : limits) sink.add(i, record_of(of_domain, own, limits.at("*"), item));
  }
}

}  // namespace

const Probe limit_probe = {&schema, collect};

}  // namespace plimsoll::probes
