// Arguments and fields of probes, for people. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "engine/core/schema.hpp"

namespace plimsoll::cli {

/// One line each: name and summary.
[[nodiscard]] std::string probe_list(std::span<const ProbeSchema* const> schemas, std::size_t width);

/// One probe, for a terminal.
[[nodiscard]] std::string probe_text(const ProbeSchema& schema, std::size_t width);

/// Probes as Markdown sections with tables, as docs/writing-probes.md holds them.
[[nodiscard]] std::string probe_markdown(std::span<const ProbeSchema* const> schemas);

}  // namespace plimsoll::cli
