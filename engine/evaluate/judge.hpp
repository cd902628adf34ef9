// From the outcomes of leaves to the verdict of a check.
#pragma once

#include <span>

#include "engine/core/plan.hpp"
#include "engine/core/results.hpp"
#include "engine/evaluate/leaf_fold.hpp"

namespace plimsoll::evaluate {

/// What an expression comes to. `all`: breaks beats unknown beats holds; `any`: holds beats unknown beats breaks; parts
/// that do not apply have no say. The evidence is that of the parts that brought the outcome about.
[[nodiscard]] Outcome evaluate(const Expression& expression, std::span<const Outcome> leaves);

/// The verdict of one check, with reason and evidence. `leaves` holds one outcome for each of the plan's leaves.
[[nodiscard]] CheckResult judge_check(const Plan& plan, const PlannedCheck& check, std::span<const Outcome> leaves);

}  // namespace plimsoll::evaluate
