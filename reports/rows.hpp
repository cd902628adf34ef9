// What every format says the same way about a row of a profile. Presentation only: verdicts stand in the results.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/core/results.hpp"

namespace plimsoll::reports {

/// What a row is called: its own topic, else the title of its check, else its titles joined with "; ".
[[nodiscard]] std::string title_of(const RowResult& row, const Results& results);

/// The gravest severity among the row's checks; empty for a row without checks.
[[nodiscard]] std::optional<Severity> severity_of(const RowResult& row, const Results& results);

/// The row's reason, never empty: a manual row may come without one.
[[nodiscard]] std::string reason_of(const RowResult& row);

/// "CIS Debian Linux 12 Benchmark v1.1.0"
[[nodiscard]] std::string standard_of(const ProfileIdentity& profile);

/// The audited host as a person names it: host name, else target id, else "unknown host".
[[nodiscard]] std::string host_of(const Target& target);

/// What a check's verdict means inside a row: in a manual recommendation, a pass is still a person's to judge.
[[nodiscard]] Verdict verdict_within(const RowResult& row, const CheckResult& check);

/// A verdict as a person reads it: "Pass", "Fail", "Manual", "Not applicable", "Error".
[[nodiscard]] std::string_view word_of(Verdict verdict);

/// True for what browsers may follow: "http://…" and "https://…". Anything else is printed, never linked.
[[nodiscard]] bool is_web_address(std::string_view reference);

}  // namespace plimsoll::reports
