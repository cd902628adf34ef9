// The report for people: one HTML file that needs nothing else, works from disk and without JavaScript, and prints.
#pragma once

#include <ostream>

#include "reports/report.hpp"

namespace plimsoll::reports {

/// Results are written row by row, so memory stays bounded. Styles and the filter script stand in the file; its content
/// security policy names them by digest and allows nothing else.
Result<void> write_html(const Results& results, const Options& options, std::ostream& out);

}  // namespace plimsoll::reports
