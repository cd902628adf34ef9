#include "engine/catalog/model.hpp"

#include <algorithm>

namespace plimsoll::catalog {

bool only_shows(const OpenExpression& expression) {
  if (expression.kind == Expression::Kind::leaf) return expression.leaf.quantifier == Quantifier::show;
  return std::all_of(expression.parts.begin(), expression.parts.end(), only_shows);
}

const Check* Model::find_check(std::string_view id) const {
  const auto found = std::lower_bound(checks.begin(), checks.end(), id,
                                      [](const Check& check, std::string_view name) { return check.id < name; });
  return found == checks.end() || found->id != id ? nullptr : &*found;
}

}  // namespace plimsoll::catalog
