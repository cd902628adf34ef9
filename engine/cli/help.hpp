// Help texts, made from the table of options.hpp. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "engine/cli/options.hpp"
#include "reports/report.hpp"

namespace plimsoll::cli {

/// What `plimsoll` alone prints: what it is, the subcommands, and the next step. `width`: columns, 0 for no wrapping.
[[nodiscard]] std::string overview_text(std::size_t width);

/// What `plimsoll SUBCOMMAND --help` prints. `formats`: those that --report takes.
[[nodiscard]] std::string help_text(const CommandInfo& command, std::span<const reports::Format> formats,
                                    std::size_t width);

/// "-p, --profile ID", or "    --root DIR" for an option without a letter.
[[nodiscard]] std::string usage_of(const OptionInfo& option);

/// "meaning Default: fallback."
[[nodiscard]] std::string meaning_of(const OptionInfo& option);

}  // namespace plimsoll::cli
