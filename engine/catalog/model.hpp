// Checks and profiles after type checking and before binding: parameters are still references. The image
// (engine/catalog/image.hpp) is this, laid out flat.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/catalog/literal.hpp"
#include "engine/core/expression.hpp"
#include "engine/core/results.hpp"
#include "engine/core/schema.hpp"

namespace plimsoll::catalog {

/// A parameter of the check, to be put in place of this when the plan is made.
struct ParameterUse {
  std::uint16_t index = 0;       ///< into Check::parameters
  Wanted wanted = Wanted::text;  ///< what its value has to become here; a list is spliced where single values stand
  bool operator==(const ParameterUse&) const = default;
};
using Term = std::variant<Value, ParameterUse>;

/// As core's Condition.
struct OpenCondition {
  Condition::Kind kind = Condition::Kind::all;
  std::uint16_t field = 0;
  Operator op = Operator::equals;
  std::vector<Term> operands = {};
  std::vector<OpenCondition> parts = {};
  bool operator==(const OpenCondition&) const = default;
};

/// As core's Leaf, with the fact it asks.
struct OpenLeaf {
  const ProbeSchema* probe = nullptr;
  std::vector<std::optional<Term>> arguments = {};  ///< in schema order, defaults filled in
  Quantifier quantifier = Quantifier::every;
  OpenCondition where = {};
  OpenCondition expect = {};
  std::optional<Term> count_at_least = {};
  std::optional<Term> count_at_most = {};
  std::vector<std::uint16_t> show = {};
  IfEmpty if_empty = IfEmpty::impossible;
  bool operator==(const OpenLeaf&) const = default;
};

struct OpenExpression {
  Expression::Kind kind = Expression::Kind::leaf;
  OpenLeaf leaf = {};  ///< leaf only
  std::vector<OpenExpression> parts = {};
  bool operator==(const OpenExpression&) const = default;
};

struct Parameter {
  std::string name;
  ValueType type = ValueType::text;
  Value fallback = {};
  std::string meaning = {};
  bool broken = false;  ///< its declaration was reported, so its uses are not judged
  bool operator==(const Parameter&) const = default;
};

/// CheckTexts as the author wrote them.
struct WrittenTexts {
  std::string title;
  std::string rationale;
  std::string remediation;
  std::vector<std::string> references;
  std::vector<std::string> tags;
  std::vector<Control> controls;
};

struct Check {
  std::string id;
  Severity severity = Severity::medium;
  WrittenTexts texts;
  std::vector<Parameter> parameters;
  std::optional<OpenExpression> applies;
  OpenExpression check;
  std::string file;  ///< relative to its catalog directory
  std::uint32_t line = 0;
  std::string source;  ///< the YAML of `applies` and `check`, as written
};

/// Whether nothing in the expression can break: all its questions are `show`.
[[nodiscard]] bool only_shows(const OpenExpression& expression);

struct RowCheck {
  std::string check;
  std::vector<std::pair<std::string, Value>> set = {};  ///< parameter → value, of the parameter's type
  bool operator==(const RowCheck&) const = default;
};

struct Row {
  static constexpr std::uint32_t every_role = ~std::uint32_t{0};

  std::string id;
  std::string topic;
  std::string section;
  std::string question;
  std::string gap;
  Assessment assessment = Assessment::automated;
  std::uint8_t level = 0;                                               ///< for roles that `role_levels` does not name
  std::vector<std::pair<std::uint8_t, std::uint8_t>> role_levels = {};  ///< role index → level
  std::uint32_t roles = every_role;                                     ///< bit i: role i of the profile
  std::vector<RowCheck> checks = {};
};

struct Profile {
  static constexpr std::size_t max_roles = 31;

  std::string id;
  std::string title;
  std::string version;
  std::string description;
  std::vector<std::string> roles;
  bool fallback = false;
  bool beside = false;
  std::optional<OpenExpression> applies;
  std::vector<Row> rows;  ///< in file order, what it extends first
  std::string file;
  std::uint32_t line = 0;
};

/// Sorted by id, both.
struct Model {
  std::vector<Check> checks;
  std::vector<Profile> profiles;

  [[nodiscard]] const Check* find_check(std::string_view id) const;
};

}  // namespace plimsoll::catalog
