// The part of the terminal summary that shows single checks with their evidence. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/cli/summary.hpp"
#include "engine/core/results.hpp"

namespace plimsoll::cli {

/// Indexes of checks, worst first: failed ones by severity, then undecided ones by severity, then (with `all`) manual,
/// passed and not applicable ones; equals by id.
[[nodiscard]] std::vector<std::uint32_t> worst_first(const Results& results, bool all);

/// One check: verdict, severity, id, title and recommendations; then what decided. Every line ends with a newline.
[[nodiscard]] std::string finding_text(const Results& results, std::uint32_t check, const SummaryOptions& options);

/// "/etc/ssh/sshd_config:1: permit_root_login is yes, expected no", escaped, on one line.
[[nodiscard]] std::string evidence_line(const Evidence& evidence, bool root);

}  // namespace plimsoll::cli
