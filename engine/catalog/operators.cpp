#include "engine/catalog/operators.hpp"

namespace plimsoll::catalog {

namespace {

constexpr Operator last_operator = Operator::within_cidr;

bool is_textual(ValueType type) {
  return type == ValueType::text || type == ValueType::scalar || type == ValueType::version ||
         type == ValueType::address;
}

std::optional<OperandRule> rule_if(bool fits, Wanted wanted, bool many = false) {
  return fits ? std::optional(OperandRule{wanted, many}) : std::nullopt;
}

}  // namespace

std::optional<OperandRule> operand_rule(Operator op, ValueType type) {
  const bool list = type == ValueType::list;
  switch (op) {
    case Operator::equals:
      return OperandRule{wanted_of(type), false};
    case Operator::in:
    case Operator::not_in:
      return rule_if(is_textual(type) || type == ValueType::integer || type == ValueType::mode, wanted_of(type), true);
    case Operator::at_least:
    case Operator::at_most:
      if (type == ValueType::time) return OperandRule{Wanted::time, false};
      return rule_if(type == ValueType::integer || type == ValueType::scalar, Wanted::integer);
    case Operator::matches:
      return rule_if(is_textual(type) || list, Wanted::pattern);
    case Operator::contains:
      return rule_if(type == ValueType::text || type == ValueType::scalar || list, Wanted::text);
    case Operator::contains_all:
    case Operator::contains_none:
    case Operator::subset_of:
      return rule_if(list, Wanted::text, true);
    case Operator::exists:
      return OperandRule{Wanted::boolean, false};
    case Operator::empty:
      return rule_if(is_textual(type) || list, Wanted::boolean);
    case Operator::mode_within:
      return rule_if(type == ValueType::mode, Wanted::mode);
    case Operator::older_than:
    case Operator::newer_than:
      return rule_if(type == ValueType::time, Wanted::duration);
    case Operator::version_at_least:
      return rule_if(type == ValueType::version, Wanted::version);
    case Operator::within_cidr:
      return rule_if(type == ValueType::address, Wanted::address, true);
  }
  return std::nullopt;
}

std::vector<std::string_view> operators_for(ValueType type) {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(last_operator); ++i) {
    const auto op = static_cast<Operator>(i);
    if (operand_rule(op, type)) names.push_back(name_of(op));
  }
  return names;
}

std::vector<std::string_view> operator_names() {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(last_operator); ++i) names.push_back(name_of(static_cast<Operator>(i)));
  return names;
}

}  // namespace plimsoll::catalog
