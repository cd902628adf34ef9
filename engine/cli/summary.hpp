// The terminal summary: results in, text out. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "engine/core/results.hpp"

namespace plimsoll::cli {

struct SummaryOptions {
  std::size_t width = 0;   ///< columns; 0: lines are not wrapped
  std::size_t height = 0;  ///< lines that findings may make it reach, one finding always being shown; 0: no limit
  bool colour = false;     ///< ECMA-48 colour sequences
  bool all = false;        ///< every check with all its evidence, whatever its verdict
  bool root = true;        ///< the auditor ran as root: then advice to do so is left out
  std::span<const std::string> not_chosen =
      {};  ///< profiles that detection left out, one line each; printed with `all`
};

/// What was audited and by which profiles, what was not looked at, the worst findings with their evidence (failed
/// checks by severity, then those that could not be decided), totals, and the next step. Ends with a newline. Text of
/// the host is escaped (printable()).
[[nodiscard]] std::string summary_text(const Results& results, const SummaryOptions& options);

/// How many checks could not be decided because the kernel or an API refused.
[[nodiscard]] std::size_t denied_checks(const Results& results);

}  // namespace plimsoll::cli
