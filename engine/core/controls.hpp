// Controls of standards that a check serves: what an auditor who works by NIST SP 800-53 looks for in a report.
#pragma once

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll {

/// One control of a standard: `nist-800-53`, `AC-6(2)`.
struct Control {
  std::string standard;
  std::string id;

  auto operator<=>(const Control&) const = default;
};

struct Standard {
  std::string_view id;       ///< as checks and results.json write it
  std::string_view title;    ///< as reports write it, with its edition
  std::string_view pattern;  ///< the form of its control ids, as a regular expression of JSON Schema
};

/// The standards that checks may name.
[[nodiscard]] std::span<const Standard> standards();
[[nodiscard]] const Standard* find_standard(std::string_view id);
/// Whether `id` has the form of a control, or of an enhancement of one, in a family that the standard has.
[[nodiscard]] bool is_control_id(const Standard& standard, std::string_view id);

/// "NIST SP 800-53 Rev. 5 AC-6(2)".
[[nodiscard]] std::string title_of(const Control& control);
/// One text for each standard, in the order in which the controls stand: "NIST SP 800-53 Rev. 5: AC-6(2), CM-6".
[[nodiscard]] std::vector<std::string> by_standard(std::span<const Control> controls);

}  // namespace plimsoll
