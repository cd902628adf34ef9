// Parameters put in place: open expressions become the leaves, facts and expressions of a plan.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <unordered_map>

#include "engine/catalog/model.hpp"
#include "engine/core/plan.hpp"

namespace plimsoll::catalog {

/// Adds to one plan; each fact stands in it once.
class PlanBuilder {
 public:
  explicit PlanBuilder(Plan& plan) : plan_(&plan) {}

  /// `values`: one for each parameter, of its type. The error is a clause about a value that does not fit where it is
  /// used; then the plan is of no use.
  [[nodiscard]] std::expected<Expression, std::string> add(OpenExpression expression,
                                                           std::span<const Parameter> parameters,
                                                           std::span<const Value> values,
                                                           std::string (*check_pattern)(std::string_view) = nullptr);

 private:
  std::uint32_t fact_of(const ProbeSchema& probe, std::vector<std::optional<Value>> arguments);

  Plan* plan_;
  std::unordered_map<std::string, std::uint32_t> facts_;
};

/// What is wrong with these values for this check; empty when they fit.
[[nodiscard]] std::string problem_with_values(const Check& check, std::span<const Value> values,
                                              std::string (*check_pattern)(std::string_view) = nullptr);

}  // namespace plimsoll::catalog
