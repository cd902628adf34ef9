// The audit subcommand's options, typed. Pure.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/catalog/catalog.hpp"
#include "engine/cli/parse.hpp"
#include "engine/cli/report_requests.hpp"
#include "reports/report.hpp"

namespace plimsoll::cli {

struct AuditSettings {
  catalog::Selection selection;  ///< without profiles and checks: detection chooses the profiles
  std::string root = "/";
  std::vector<std::string> catalogs;
  std::vector<ReportRequest> reports;
  reports::Options report_options;
  std::optional<Severity> fail_on = Severity::info;  ///< empty: never
  std::chrono::seconds timeout{300};
  unsigned jobs = 0;  ///< 0: by the number of processors
  bool all = false;
  bool quiet = false;
  bool colour = true;

  [[nodiscard]] bool detects() const { return selection.profiles.empty() && selection.checks.empty(); }
  [[nodiscard]] bool report_on_stdout() const;
};

/// Errors: one clause on the first thing that is wrong.
[[nodiscard]] std::expected<AuditSettings, std::string> audit_settings(const CommandLine& line,
                                                                       std::span<const reports::Format> formats);

/// Arguments as a shell would take them again: those with other than plain characters in single quotes.
[[nodiscard]] std::string shell_words(std::span<const std::string> arguments);

}  // namespace plimsoll::cli
