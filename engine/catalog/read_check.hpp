// A file under checks/: a list of checks.
#pragma once

#include <vector>

#include "engine/catalog/model.hpp"
#include "engine/catalog/read_expression.hpp"

namespace plimsoll::catalog {

/// A check and the place of its id. One with mistakes is kept too, so that rows naming it are not reported as well.
struct CheckEntry {
  Check check;
  const SourceFile* file = nullptr;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// Appends the checks of one file. Everything wrong is reported; then the catalog is not used, whatever is appended.
void read_checks(const formats::YamlNode& root, const ReadContext& context, std::vector<CheckEntry>& out);

}  // namespace plimsoll::catalog
