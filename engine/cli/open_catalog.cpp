#include "engine/cli/open_catalog.hpp"

#include <fmt/core.h>

#include <utility>

#include "engine/cli/output.hpp"
#include "engine/evaluate/pattern.hpp"
#include "engine/probes/probe.hpp"

namespace plimsoll::cli {

std::optional<catalog::Catalog> open_catalog(std::span<const std::string> directories) {
  catalog::Catalog shipped = catalog::shipped();
  if (directories.empty()) return shipped;
  catalog::LoadOutcome outcome = load_with(directories, shipped);
  if (!outcome.catalog) complain(diagnostics_text(outcome.diagnostics));
  return std::move(outcome.catalog);
}

catalog::LoadOutcome load_with(std::span<const std::string> directories, const catalog::Catalog& base) {
  return catalog::load(directories, &base, probes::schemas(), {.check_pattern = evaluate::problem_with_pattern});
}

std::string diagnostics_text(std::span<const Diagnostic> diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) out += to_text(diagnostic);
  out += fmt::format("{} {} in the catalog; `plimsoll explain {}` tells more.\n", diagnostics.size(),
                     diagnostics.size() == 1 ? "mistake" : "mistakes",
                     diagnostics.empty() ? "CODE" : diagnostics.front().code);
  return out;
}

}  // namespace plimsoll::cli
