#include "engine/cli/audit_settings.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/value.hpp"

namespace plimsoll::cli {

using std::string;
using std::string_view;

bool AuditSettings::report_on_stdout() const {
  return std::any_of(reports.begin(), reports.end(), [](const ReportRequest& request) { return request.path == "-"; });
}

namespace {

/// The parser has refused lists with empty parts.
std::vector<string> parts_of(std::span<const string> lists) {
  std::vector<string> parts;
  for (string_view list : lists) {
    while (!list.empty()) {
      const auto comma = std::min(list.find(','), list.size());
      parts.emplace_back(list.substr(0, comma));
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
  }
  return parts;
}

}  // namespace

std::expected<AuditSettings, string> audit_settings(const CommandLine& line, std::span<const reports::Format> formats) {
  AuditSettings settings;
  catalog::Selection& selection = settings.selection;
  for (const string& id : line.values("profile")) {
    const auto same = [&](const auto& other) { return other.id == id; };
    if (std::any_of(selection.profiles.begin(), selection.profiles.end(), same)) continue;
    selection.profiles.push_back({id, "asked for with --profile"});
  }
  const auto all_of = [&](string_view option) {
    const auto values = line.values(option);
    return std::vector<string>(values.begin(), values.end());
  };
  selection.checks = all_of("check");
  selection.sections = parts_of(line.values("section"));
  selection.role = line.value("role");
  // The parser has checked numbers and words already.
  if (line.has("level")) selection.level = static_cast<int>(*parse_integer(line.value("level")));
  if (line.has("severity")) selection.severity = severity_named(line.value("severity"));
  for (const string& setting : line.values("set")) {
    const auto equals = setting.find('=');
    selection.set.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  if (selection.profiles.empty() && !selection.checks.empty()) {
    for (const char* option : {"level", "role", "section"}) {
      if (line.has(option)) {
        return std::unexpected(string("--") + option +
                               " chooses among the rows of profiles: name one with --profile, "
                               "or leave out --check");
      }
    }
  }

  if (line.has("root")) settings.root = line.value("root");
  settings.catalogs = all_of("catalog");
  auto requests = parse_reports(line.values("report"), formats);
  if (!requests) return std::unexpected(std::move(requests.error()));
  settings.reports = std::move(*requests);
  if (line.has("ocsf-version")) settings.report_options.ocsf_version = line.value("ocsf-version");
  if (line.has("fail-on")) settings.fail_on = severity_named(line.value("fail-on"));
  if (line.has("timeout")) settings.timeout = std::chrono::seconds(*parse_integer(line.value("timeout")));
  if (line.has("jobs")) settings.jobs = static_cast<unsigned>(*parse_integer(line.value("jobs")));
  settings.all = line.has("all");
  settings.quiet = line.has("quiet");
  settings.colour = !line.has("no-color");
  return settings;
}

string shell_words(std::span<const string> arguments) {
  constexpr string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./:,+@%";
  string out;
  for (const string& argument : arguments) {
    if (!out.empty()) out += ' ';
    if (!argument.empty() && argument.find_first_not_of(plain) == string::npos) {
      out += argument;
      continue;
    }
    out += '\'';
    for (const char c : argument) {
      if (c == '\'') {
        out += "'\\''";
      } else {
        out += c;
      }
    }
    out += '\'';
  }
  return out;
}

}  // namespace plimsoll::cli
