// One field against one operator. Operators never see where a value came from.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/core/expression.hpp"
#include "engine/core/record.hpp"
#include "engine/evaluate/pattern.hpp"
#include "engine/evaluate/truth.hpp"

namespace plimsoll::evaluate {

/// What a test came to; `why` says what stood in the way when it is unknown.
struct Tested {
  Truth truth = Truth::unknown;
  std::string why = {};
};

/// Judges one field. An absent field breaks every operator but `exists: false`, `empty: true`, `not_in` and
/// `contains_none`, which hold. An unreadable field is unknown for all of them.
/// `patterns`: the compiled operands of `matches`, else empty. `now`: seconds since the epoch.
[[nodiscard]] Tested test_field(const Condition& test, const Field& field, ValueType type,
                                std::span<const Pattern> patterns, std::int64_t now);

/// What is expected, for a person: "no permission bit beyond 0640", "at most 4", "one of yes, no".
/// `negated`: the words for the opposite: "more than 4", "none of yes, no".
[[nodiscard]] std::string describe(const Condition& test, ValueType type, bool negated);

/// What was observed, for a person: "0640", "not set", "(empty)", or why it could not be read.
[[nodiscard]] std::string describe(const Field& field, ValueType type);

}  // namespace plimsoll::evaluate
