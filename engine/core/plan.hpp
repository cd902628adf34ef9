// What a run will read and judge. Catalog makes it; each fact stands in it once, however many checks need it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/expression.hpp"
#include "engine/core/results.hpp"
#include "engine/core/schema.hpp"

namespace plimsoll {

/// One probe with one set of arguments.
struct FactRequest {
  const ProbeSchema* probe = nullptr;           ///< schemas are constants: never dangles
  std::vector<std::optional<Value>> arguments;  ///< in schema order, defaults filled in; empty: not given, no default
  std::vector<std::uint32_t> leaves = {};       ///< who reads it: indexes into Plan::leaves

  /// The value of a text argument that is required or has a default.
  [[nodiscard]] const std::string& text(std::size_t index) const { return std::get<std::string>(*arguments[index]); }
};

/// One check with its parameters bound. The same check with other parameter values is another entry.
struct PlannedCheck {
  std::string id;
  CheckTexts texts;
  Severity severity = Severity::medium;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< name → value, as printed in reports
  std::optional<Expression> applies;
  Expression check;
};

/// One row of a profile that was chosen, and the checks that answer it.
struct PlannedRow {
  Recommendation recommendation;
  std::vector<std::uint32_t> checks;  ///< indexes into Plan::checks
};

struct PlannedProfile {
  ProfileIdentity identity;
  std::vector<PlannedRow> rows;
};

/// Move-only, because indexes and `Leaf` addresses are handed to probes while it lives.
struct Plan {
  Plan() = default;
  Plan(Plan&&) = default;
  Plan& operator=(Plan&&) = default;
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  ~Plan() = default;

  std::vector<FactRequest> facts;
  std::vector<Leaf> leaves;
  std::vector<PlannedCheck> checks;
  std::vector<PlannedProfile> profiles;
};

}  // namespace plimsoll
