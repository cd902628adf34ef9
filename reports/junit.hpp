// JUnit XML for CI systems (GitLab, Jenkins, Azure Pipelines, GitHub): valid by the windyroad and the Jenkins schema.
#pragma once

#include <ostream>

#include "reports/report.hpp"

namespace plimsoll::reports {

/// One suite for each profile, one test case for each of its rows; names are unique within the file. What was not
/// looked at stands in system-err. The run's duration stands at the first suite: facts are shared, so profiles have
/// none of their own.
Result<void> write_junit(const Results& results, const Options& options, std::ostream& out);

}  // namespace plimsoll::reports
