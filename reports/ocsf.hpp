// OCSF Compliance Finding (class 2003) for SIEMs and AWS Security Hub. docs/reports.md says what goes where.
#pragma once

#include <ostream>

#include "reports/report.hpp"

namespace plimsoll::reports {

/// NDJSON: one event for each resource of each check of each row, in the order of the rows; one event against the host
/// for a row without a check. Schema 1.8.0 or 1.6.0 (options.ocsf_version): only what both have is written.
/// Errors: unsupported, for another version; nothing is written then.
Result<void> write_ocsf(const Results& results, const Options& options, std::ostream& out);

}  // namespace plimsoll::reports
