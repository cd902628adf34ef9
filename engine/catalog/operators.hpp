// Which operators fit which types of field, and what they take. One table for type checks and editor schemas.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/catalog/literal.hpp"
#include "engine/core/expression.hpp"

namespace plimsoll::catalog {

struct OperandRule {
  Wanted wanted = Wanted::text;
  bool many = false;  ///< a list of such values; `within_cidr` takes a single one as well
};

/// What the operator takes when it judges a field of this type; empty when it cannot.
[[nodiscard]] std::optional<OperandRule> operand_rule(Operator op, ValueType type);

/// Names of the operators that fit the type, in the order of the enumeration.
[[nodiscard]] std::vector<std::string_view> operators_for(ValueType type);
[[nodiscard]] std::vector<std::string_view> operator_names();

}  // namespace plimsoll::catalog
