// Colours of the terminal, as ECMA-48 sequences. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/results.hpp"

namespace plimsoll::cli {

enum class Ink : std::uint8_t { plain, strong, faint, red, yellow, green, cyan };

/// `text` in this ink when `colour`, else as it is.
[[nodiscard]] std::string painted(std::string_view text, Ink ink, bool colour);

[[nodiscard]] Ink ink_of(Verdict verdict);

/// "PASS", "FAIL", "MANUAL", "N/A", "ERROR".
[[nodiscard]] std::string_view label_of(Verdict verdict);

/// "not applicable" rather than "not_applicable".
[[nodiscard]] std::string_view words_for(Verdict verdict);

}  // namespace plimsoll::cli
