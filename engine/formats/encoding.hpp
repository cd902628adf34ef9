// Whether a text is UTF-8, with the place where it is not.
#pragma once

#include <string_view>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

/// Errors: malformed, with `where.line` and `where.column` (in bytes) of the first byte that valid_utf8() would
/// replace.
[[nodiscard]] Result<void> check_utf8(std::string_view text);

}  // namespace plimsoll::formats
