// What the --report options ask for.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "engine/cli/output_file.hpp"
#include "reports/report.hpp"

namespace plimsoll::cli {

struct ReportRequest {
  const reports::Format* format = nullptr;
  std::string path;  ///< "-": standard output
};

/// Each FORMAT[=PATH] of --report. Errors: one clause, for a format that does not exist, an empty path, or two reports
/// on standard output.
[[nodiscard]] std::expected<std::vector<ReportRequest>, std::string> parse_reports(
    std::span<const std::string> values, std::span<const reports::Format> formats);

/// A report and the place that is open for it.
struct OpenReport {
  const reports::Format* format = nullptr;
  OutputFile file;
};

/// Opens every target. Errors: one clause, for one that cannot be written, or two reports with one target.
[[nodiscard]] std::expected<std::vector<OpenReport>, std::string> open_reports(std::span<const ReportRequest> requests);

}  // namespace plimsoll::cli
