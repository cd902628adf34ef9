// The manual page plimsoll(1), made from the table of options.hpp. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "reports/report.hpp"

namespace plimsoll::cli {

/// troff for man(7). `version`: "0.1.0". Says no date, so that equal sources give equal pages.
[[nodiscard]] std::string manual_page(std::string_view version, std::span<const reports::Format> formats);

/// Text as troff reads it literally: backslashes, hyphens, and dots or quotes that start a line.
[[nodiscard]] std::string troff_escaped(std::string_view text);

}  // namespace plimsoll::cli
