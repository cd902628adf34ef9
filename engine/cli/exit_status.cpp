#include "engine/cli/exit_status.hpp"

namespace plimsoll::cli {
namespace {

constexpr ExitStatusInfo table[] = {
    {exit_holds, "All that was judged holds (or falls short below --fail-on only)."},
    {exit_findings, "There are findings at or above --fail-on."},
    {exit_usage, "Wrong usage or catalog, or a report that could not be written."},
    {exit_undecided, "Some check could not be decided, and there is no finding."},
};

}  // namespace

std::span<const ExitStatusInfo> exit_statuses() {
  return table;
}

ExitStatus exit_status_of(const Results& results, std::optional<Severity> fail_on) {
  bool undecided = false;
  for (const CheckResult& check : results.checks) {
    if (check.verdict == Verdict::fail && fail_on && check.severity >= *fail_on) return exit_findings;
    if (check.verdict == Verdict::error) undecided = true;
  }
  return undecided ? exit_undecided : exit_holds;
}

}  // namespace plimsoll::cli
