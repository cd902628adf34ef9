// The one table of exit statuses, and the only code that picks one from results.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "engine/core/results.hpp"

namespace plimsoll::cli {

enum ExitStatus : int {
  exit_holds = 0,      ///< all that was judged holds
  exit_findings = 1,   ///< wins over exit_undecided
  exit_usage = 2,      ///< wrong usage or catalog, or a report that could not be written
  exit_undecided = 3,  ///< some check could not be decided
};

struct ExitStatusInfo {
  ExitStatus status;
  std::string_view meaning;
};
/// For --help and the man page.
[[nodiscard]] std::span<const ExitStatusInfo> exit_statuses();

/// The status that results call for. `fail_on`: failed checks below it are no findings; empty: none is. A check that
/// could not be decided counts whatever its severity.
[[nodiscard]] ExitStatus exit_status_of(const Results& results, std::optional<Severity> fail_on);

}  // namespace plimsoll::cli
