// Files that are packed by xz, with a bound for the memory that unpacking may take. Wraps liblzma.
#pragma once

#include <string_view>

#include "engine/formats/unpack.hpp"

namespace plimsoll::formats {

/// Streams one behind the other are one file. Of the limits, memory and time are kept here. Errors: malformed, also for
/// what ends too early; too_large, where unpacking would take more memory; timed_out; those of `take`.
[[nodiscard]] Result<void> unpack_xz(std::string_view packed, const UnpackLimits& limits, const TakeBlock& take);

}  // namespace plimsoll::formats
