#include "engine/core/expression.hpp"

#include <array>
#include <utility>

namespace plimsoll {

namespace {

constexpr std::array<std::pair<Operator, std::string_view>, 17> operator_names = {{
    {Operator::equals, "equals"},
    {Operator::in, "in"},
    {Operator::not_in, "not_in"},
    {Operator::at_least, "at_least"},
    {Operator::at_most, "at_most"},
    {Operator::matches, "matches"},
    {Operator::contains, "contains"},
    {Operator::contains_all, "contains_all"},
    {Operator::contains_none, "contains_none"},
    {Operator::subset_of, "subset_of"},
    {Operator::exists, "exists"},
    {Operator::empty, "empty"},
    {Operator::mode_within, "mode_within"},
    {Operator::older_than, "older_than"},
    {Operator::newer_than, "newer_than"},
    {Operator::version_at_least, "version_at_least"},
    {Operator::within_cidr, "within_cidr"},
}};

}  // namespace

std::string_view name_of(Operator op) {
  for (const auto& [value, name] : operator_names) {
    if (value == op) return name;
  }
  return "equals";
}

std::optional<Operator> operator_named(std::string_view name) {
  for (const auto& [value, known] : operator_names) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string_view name_of(Quantifier quantifier) {
  switch (quantifier) {
    case Quantifier::every:
      return "every";
    case Quantifier::some:
      return "some";
    case Quantifier::none:
      return "none";
    case Quantifier::count:
      return "count";
    case Quantifier::show:
      return "show";
  }
  return "every";
}

}  // namespace plimsoll
