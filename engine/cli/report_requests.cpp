#include "engine/cli/report_requests.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/cli/parse.hpp"
#include "engine/cli/text_layout.hpp"

namespace plimsoll::cli {

using std::string;
using std::string_view;

std::expected<std::vector<ReportRequest>, string> parse_reports(std::span<const string> values,
                                                                std::span<const reports::Format> formats) {
  std::vector<string_view> names;
  for (const reports::Format& format : formats) names.push_back(format.name);
  std::vector<ReportRequest> requests;
  for (const string& value : values) {
    const auto equals = value.find('=');
    const string_view name = string_view(value).substr(0, equals);
    const auto format =
        std::find_if(formats.begin(), formats.end(), [&](const auto& known) { return known.name == name; });
    if (format == formats.end()) {
      return std::unexpected(fmt::format("--report: `{}` is no report format, they are {}{}", printable(name),
                                         fmt::join(names, ", "), did_you_mean(name, names)));
    }
    ReportRequest request{&*format, equals == string::npos ? string(format->default_file) : value.substr(equals + 1)};
    if (request.path.empty()) {
      return std::unexpected(
          fmt::format("--report: `{}` names no path; `{}=-` is standard output", printable(value), name));
    }
    const auto twice = [&](const ReportRequest& other) { return other.path == "-" && request.path == "-"; };
    if (std::any_of(requests.begin(), requests.end(), twice)) {
      return std::unexpected(string("--report: only one report fits on standard output"));
    }
    requests.push_back(std::move(request));
  }
  return requests;
}

std::expected<std::vector<OpenReport>, string> open_reports(std::span<const ReportRequest> requests) {
  std::vector<OpenReport> reports;
  for (const ReportRequest& request : requests) {
    Result<OutputFile> file = OutputFile::open(request.path);
    if (!file) {
      const Error& error = file.error();
      return std::unexpected(error.remedy.empty() ? error.what : fmt::format("{}; {}", error.what, error.remedy));
    }
    for (const OpenReport& other : reports) {
      if (!file->directory().empty() && other.file.target() == file->target()) {
        return std::unexpected(fmt::format("reports {} and {} would both be written to {}", other.format->name,
                                           request.format->name, printable(file->target())));
      }
    }
    reports.push_back({request.format, std::move(*file)});
  }
  return reports;
}

}  // namespace plimsoll::cli
