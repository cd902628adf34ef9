// Files of the host that are packed, and are not held whole.
#pragma once

#include <string_view>

#include "engine/core/error.hpp"
#include "engine/formats/unpack.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

/// Errors: those of reading as they are, as they name the file; those of unpacking and of `take` with `path` before
/// them and, where it is not empty, with `remedy`.
[[nodiscard]] Result<void> unpack_file(sources::Parts& file, std::string_view path, const formats::UnpackLimits& limits,
                                       const formats::TakeBlock& take, std::string_view remedy = {});

}  // namespace plimsoll::probes
