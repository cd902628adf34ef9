// results.json: the results model, versioned. docs/results-json.md describes every key.
#pragma once

#include <ostream>

#include "reports/report.hpp"

namespace plimsoll::reports {

/// One JSON object. Its long lists hold one element a line and are written one by one, so memory stays bounded.
Result<void> write_json(const Results& results, const Options& options, std::ostream& out);

}  // namespace plimsoll::reports
