// One row of a profile, and `set` in all its places.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/catalog/model.hpp"
#include "engine/catalog/read_expression.hpp"

namespace plimsoll::catalog {

/// A row, without its section, and the names of its checks as they stand. Mistakes are reported.
[[nodiscard]] Row read_row(const formats::YamlNode& node, std::span<const std::string> roles, const Model& checks,
                           const ReadContext& context);

/// Applies `set: { name: value, check-id.name: value }` to the rows; later calls win. Reports names that no check of
/// these rows has, and values that do not fit.
void apply_set(const formats::YamlNode& node, std::span<Row> rows, const Model& checks, const ReadContext& context);

}  // namespace plimsoll::catalog
