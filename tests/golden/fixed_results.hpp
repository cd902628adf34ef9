// One fixed Results that holds what reports find hard. Golden files and unit tests share it.
#pragma once

#include <cstddef>

#include "engine/core/results.hpp"

namespace plimsoll::golden {

/// Two profiles, all five verdicts, manual rows, a row without a check, several checks in a row, a check in two rows,
/// hostile texts, overridden values, a very long value, and limits.
[[nodiscard]] Results fixed_results();

/// `rows` rows of one profile with evidence and texts of usual length.
[[nodiscard]] Results large_results(std::size_t rows);

}  // namespace plimsoll::golden
