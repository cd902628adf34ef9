#include "engine/cli/explanation.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/catalog/diagnostics.hpp"
#include "engine/cli/listing.hpp"
#include "engine/cli/probe_tables.hpp"
#include "engine/cli/text_layout.hpp"
#include "engine/core/text.hpp"
#include "engine/probes/probe.hpp"

namespace plimsoll::cli {
namespace {

using std::string;
using std::string_view;

constexpr std::size_t label_width = 13;

/// "Label:       text", hanging; nothing for an empty text.
void append_field(string& out, string_view label, string_view text, std::size_t width) {
  if (text.empty()) return;
  out += padded(fmt::format("{}:", label), label_width);
  // Texts of YAML blocks have line breaks of their own.
  string_view rest = text;
  bool first = true;
  while (!rest.empty()) {
    if (!first) out.append(label_width, ' ');
    out += hanging(take_line(rest), label_width, label_width, width) + "\n";
    first = false;
  }
}

string parameters_of(const catalog::CheckInfo& info) {
  string out;
  for (const catalog::ParameterInfo& parameter : info.parameters) {
    if (!out.empty()) out += '\n';
    out += fmt::format("{} ({}), {} unless set", parameter.name, name_of(parameter.type),
                       parameter.fallback.empty() ? "empty" : parameter.fallback);
    if (!parameter.meaning.empty()) out += fmt::format(": {}", parameter.meaning);
  }
  return out;
}

string reads_of(const catalog::CheckInfo& info) {
  string out;
  for (const string_view name : info.probes) {
    const probes::Probe* probe = probes::find(name);
    if (!out.empty()) out += '\n';
    out += name;
    if (probe != nullptr) out += fmt::format(": {}", probe->schema->summary);
    if (probe != nullptr && !probe->schema->sources.empty()) {
      out += fmt::format(" ({})", fmt::join(probe->schema->sources, ", "));
    }
  }
  return out;
}

string details_of(const catalog::RowInfo& row) {
  string out = row.level == 0 ? string() : fmt::format("level {}, ", row.level);
  return out + string(name_of(row.assessment));
}

/// The rows of every profile in every role that name the check, equal ones once.
string uses_of(const catalog::Catalog& catalog, string_view check) {
  std::vector<string> lines;
  for (std::size_t index = 0; index < catalog.profile_count(); ++index) {
    const catalog::ProfileInfo profile = catalog.profile(index);
    std::vector<string_view> roles = profile.roles;
    if (roles.empty()) roles.emplace_back();
    for (const string_view role : roles) {
      for (const catalog::RowInfo& row : catalog.rows(index, role)) {
        if (std::find(row.checks.begin(), row.checks.end(), check) == row.checks.end()) continue;
        string line = fmt::format("{}:{} ({}", profile.id, row.id, details_of(row));
        line += roles.size() > 1 ? fmt::format("; {})", role) : ")";
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
      }
    }
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace

string check_explanation(const catalog::Catalog& catalog, std::size_t index, std::size_t width) {
  const catalog::CheckInfo info = catalog.check(index);
  string out = fmt::format("{}: {}\n\n", info.id, info.title);
  append_field(out, "Severity", name_of(info.severity), width);
  append_field(out, "Why", info.rationale, width);
  append_field(out, "Mend it", info.remediation, width);
  append_field(out, "Parameters", parameters_of(info), width);
  append_field(out, "Reads", reads_of(info), width);
  const string uses = uses_of(catalog, info.id);
  append_field(out, "Asked by", uses.empty() ? string_view("no profile") : string_view(uses), width);
  append_field(out, "See", fmt::format("{}", fmt::join(info.references, "\n")), width);
  append_field(out, "Controls", fmt::format("{}", fmt::join(by_standard(info.controls), "\n")), width);
  append_field(out, "Tags", fmt::format("{}", fmt::join(info.tags, ", ")), width);
  append_field(out, "Written in", fmt::format("{}:{}", info.file, info.line), width);
  if (!info.source.empty()) out += "\n" + indented(info.source);
  return out;
}

string profile_explanation(const catalog::Catalog& catalog, std::size_t index, std::size_t width) {
  const catalog::ProfileInfo info = catalog.profile(index);
  string out = fmt::format("{}: {} {}\n\n", info.id, info.title, info.version);
  append_field(out, "About", info.description, width);
  append_field(out, "Roles", fmt::format("{}", fmt::join(info.roles, ", ")), width);
  append_field(out, "Chosen",
               info.fallback      ? "when no other profile applies"
               : info.has_applies ? "when it applies to what is found on the host"
                                  : "only when asked for with --profile, or along with others",
               width);
  append_field(out, "Holds",
               fmt::format("{} {}; {}", info.coverage.rows,
                           info.coverage.rows == 1 ? "recommendation" : "recommendations", checked_rows(info.coverage)),
               width);
  append_field(out, "Written in", fmt::format("{}:{}", info.file, info.line), width);
  out += fmt::format("\nIts rows: plimsoll list checks --profile {}\n", info.id);
  return out;
}

std::optional<string> recommendation_explanation(const catalog::Catalog& catalog, string_view number,
                                                 std::size_t width) {
  const auto colon = number.find(':');
  const string_view wanted = colon == string_view::npos ? string_view{} : number.substr(0, colon);
  const string_view id = colon == string_view::npos ? number : number.substr(colon + 1);
  string out;
  std::vector<string_view> checks;
  for (std::size_t index = 0; index < catalog.profile_count(); ++index) {
    const catalog::ProfileInfo profile = catalog.profile(index);
    if (!wanted.empty() && profile.id != wanted) continue;
    for (const catalog::RowInfo& row : catalog.rows(index, {})) {
      if (row.id != id) continue;
      if (!out.empty()) out += "\n";
      out += fmt::format("{}:{} of {} {} ({})\n", profile.id, row.id, profile.title, profile.version, details_of(row));
      append_field(out, "About", row.topic, width);
      append_field(out, "Section", row.section, width);
      append_field(out, "To judge", row.question, width);
      append_field(out, "No check", row.gap, width);
      append_field(out, "Checks", fmt::format("{}", fmt::join(row.checks, ", ")), width);
      for (const string_view check : row.checks) {
        if (std::find(checks.begin(), checks.end(), check) == checks.end()) checks.push_back(check);
      }
    }
  }
  if (out.empty()) return std::nullopt;
  for (const string_view check : checks) {
    if (const auto found = catalog.find_check(check)) out += "\n" + check_explanation(catalog, *found, width);
  }
  return out;
}

std::optional<string> code_explanation(string_view code, std::size_t width) {
  const catalog::DiagnosticCode* found = catalog::find_diagnostic_code(code);
  if (found == nullptr) return std::nullopt;
  return fmt::format("{}: {}\n\n{}\n", found->code, found->summary, hanging(found->help, 0, 0, width));
}

std::optional<string> explanation(const catalog::Catalog& catalog, string_view id, std::size_t width) {
  if (const auto check = catalog.find_check(id)) return check_explanation(catalog, *check, width);
  if (const auto profile = catalog.find_profile(id)) return profile_explanation(catalog, *profile, width);
  if (auto text = recommendation_explanation(catalog, id, width)) return text;
  if (auto text = code_explanation(id, width)) return text;
  if (const probes::Probe* probe = probes::find(id)) return probe_text(*probe->schema, width);
  return std::nullopt;
}

std::vector<string_view> explainable_words(const catalog::Catalog& catalog) {
  std::vector<string_view> words;
  words.reserve(catalog.check_count() + catalog.profile_count());
  for (std::size_t index = 0; index < catalog.check_count(); ++index) words.push_back(catalog.check(index).id);
  for (std::size_t index = 0; index < catalog.profile_count(); ++index) words.push_back(catalog.profile(index).id);
  for (const catalog::DiagnosticCode& code : catalog::diagnostic_codes()) words.push_back(code.code);
  for (const ProbeSchema* schema : probes::schemas()) words.push_back(schema->name);
  return words;
}

}  // namespace plimsoll::cli
