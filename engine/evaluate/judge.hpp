// From the outcomes of leaves to the verdict of a check.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/core/plan.hpp"
#include "engine/core/results.hpp"
#include "engine/evaluate/leaf_fold.hpp"

namespace plimsoll::evaluate {

/// What each leaf of a plan came to. Most leaves belong to one check only, which then gets the outcome itself, not a
/// copy.
class LeafOutcomes {
 public:
  explicit LeafOutcomes(const Plan& plan);

  /// In the order of the plan's leaves.
  void add(Outcome outcome) { outcomes_.push_back(std::move(outcome)); }

  [[nodiscard]] Outcome take(std::uint32_t leaf);

 private:
  std::vector<Outcome> outcomes_;
  std::vector<std::uint32_t> uses_;  // how often each will still be asked for, at most
};

/// What an expression comes to. `all`: breaks beats unknown beats holds; `any`: holds beats unknown beats breaks; parts
/// that do not apply have no say. The evidence is that of the parts that brought the outcome about.
[[nodiscard]] Outcome evaluate(const Expression& expression, LeafOutcomes& leaves);

/// The verdict of one check, with reason and evidence. The check's texts move into the result.
[[nodiscard]] CheckResult judge_check(const Plan& plan, PlannedCheck& check, LeafOutcomes& leaves);

}  // namespace plimsoll::evaluate
