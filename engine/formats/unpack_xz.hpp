// Files that are packed by xz, with a bound for the memory that unpacking may take. Wraps liblzma.
#pragma once

#include "engine/formats/unpack.hpp"

namespace plimsoll::formats {

/// Streams one behind the other are one file. Errors: malformed, also for what ends too early; too_large, where
/// unpacking would take more than `memory` bytes; those of `next` and `take`.
[[nodiscard]] Result<void> unpack_xz(const NextPart& next, std::uint64_t memory, const TakeBlock& take);

}  // namespace plimsoll::formats
