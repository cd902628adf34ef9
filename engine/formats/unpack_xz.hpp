// Files that are packed by xz, with a bound for the memory that unpacking may take. Wraps liblzma.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/formats/unpack.hpp"

namespace plimsoll::formats {

/// How much of what is packed is fed at a time, so that the time limit ends even what unpacks to nothing.
inline constexpr std::size_t unpack_step_bytes = std::size_t{64} << 10U;

/// timed_out.
[[nodiscard]] Error unpacking_timed_out();

/// Streams one behind the other are one file. Of the limits, memory and time are kept here. Errors: malformed, also for
/// what ends too early; too_large, where unpacking would take more memory; timed_out; those of `take`.
[[nodiscard]] Result<void> unpack_xz(std::string_view packed, const UnpackLimits& limits, const TakeBlock& take);

}  // namespace plimsoll::formats
