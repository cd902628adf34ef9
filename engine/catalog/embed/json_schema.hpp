// The check language as JSON Schema (draft-07, what editors' YAML support reads), from the same tables as the type
// checks.
#pragma once

#include <span>
#include <string>

#include "engine/core/schema.hpp"

namespace plimsoll::catalog {

/// The text of checks/schema.json and profiles/schema.json, each ended by a newline.
[[nodiscard]] std::string checks_schema(std::span<const ProbeSchema* const> schemas);
[[nodiscard]] std::string profiles_schema(std::span<const ProbeSchema* const> schemas);

}  // namespace plimsoll::catalog
