// Packed files for tests of what unpacks them.
#pragma once

#include <string>
#include <string_view>

namespace plimsoll::tests {

/// `packing`: "gzip", "xz", "zstd" or "lz4". Throws std::runtime_error for anything else.
[[nodiscard]] std::string packed_bytes(std::string_view content, std::string_view packing);

}  // namespace plimsoll::tests
