// Parameters put in place: open expressions become the leaves, facts and expressions of a plan.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/catalog/model.hpp"
#include "engine/core/plan.hpp"

namespace plimsoll::catalog {

/// The values of one check's parameters, each in the form that is needed where it is used.
class Binder {
 public:
  /// `values`: one for each parameter, of its type.
  Binder(std::span<const Parameter> parameters, std::span<const Value> values,
         std::string (*check_pattern)(std::string_view) = nullptr)
      : parameters_(parameters), values_(values), check_pattern_(check_pattern) {}

  [[nodiscard]] Value single(const ParameterUse& use, std::span<const std::string_view> allowed);
  /// A list is spliced in where single values are wanted.
  void operand(const ParameterUse& use, std::span<const std::string_view> allowed, std::vector<Value>& out);
  void check_limits(const Leaf& leaf);

  /// A clause about the first value that does not fit where it is used; empty when all do.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void complain(const ParameterUse& use, const std::string& why);

  std::span<const Parameter> parameters_;
  std::span<const Value> values_;
  std::string (*check_pattern_)(std::string_view);
  std::string problem_;
};

/// The texts that a test may compare this field with; empty: any.
[[nodiscard]] std::span<const std::string_view> allowed_operands(const ProbeSchema& probe, std::uint16_t field,
                                                                 Operator op);

/// Adds to one plan; each fact and each question stands in it once.
class PlanBuilder {
 public:
  explicit PlanBuilder(Plan& plan) : plan_(&plan) {}

  /// The error is a clause about a value that does not fit where it is used; then the plan is of no use.
  [[nodiscard]] std::expected<Expression, std::string> add(OpenExpression expression,
                                                           std::span<const Parameter> parameters,
                                                           std::span<const Value> values,
                                                           std::string (*check_pattern)(std::string_view) = nullptr);

  /// A question with its values in place, and the arguments of the fact that it asks. Returns its number.
  std::uint32_t add(const ProbeSchema& probe, std::vector<std::optional<Value>> arguments, Leaf leaf);

 private:
  std::uint32_t fact_of(const ProbeSchema& probe, std::vector<std::optional<Value>> arguments);

  Plan* plan_;
  std::unordered_map<std::string, std::uint32_t> facts_;
  std::string key_;
};

/// What is wrong with these values for this check; empty when they fit.
[[nodiscard]] std::string problem_with_values(const Check& check, std::span<const Value> values,
                                              std::string (*check_pattern)(std::string_view) = nullptr);

}  // namespace plimsoll::catalog
