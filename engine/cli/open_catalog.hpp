// The catalog that a command line asks for.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "engine/catalog/catalog.hpp"

namespace plimsoll::cli {

/// The shipped catalog, with `directories` added. Empty when they hold mistakes; all of them are then on standard
/// error.
[[nodiscard]] std::optional<catalog::Catalog> open_catalog(std::span<const std::string> directories);

/// `directories` on top of `base`, type-checked against all probes, patterns included.
[[nodiscard]] catalog::LoadOutcome load_with(std::span<const std::string> directories, const catalog::Catalog& base);

/// All diagnostics, and a line with their number, for standard error.
[[nodiscard]] std::string diagnostics_text(std::span<const Diagnostic> diagnostics);

}  // namespace plimsoll::cli
