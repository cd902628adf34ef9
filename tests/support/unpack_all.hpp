// What is packed and in memory: the program itself takes it from files, part by part.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/formats/unpack.hpp"

namespace plimsoll::tests {

/// `packed` must outlive it.
[[nodiscard]] inline formats::Packed in_parts(std::string_view packed, std::size_t part_bytes) {
  const auto next = [left = packed, part_bytes]() mutable -> Result<std::string_view> {
    const auto part = left.substr(0, part_bytes);
    left.remove_prefix(part.size());
    return part;
  };
  return {next, packed.size()};
}

[[nodiscard]] inline Result<std::string> unpack_all(const formats::Packed& packed,
                                                    const formats::UnpackLimits& limits) {
  std::string all;
  const auto done = formats::unpack(packed, limits, [&](std::string_view block) -> Result<void> {
    all += block;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return all;
}

[[nodiscard]] inline Result<std::string> unpack_all(std::string_view packed, const formats::UnpackLimits& limits) {
  return unpack_all(in_parts(packed, std::size_t{64} << 10U), limits);
}

}  // namespace plimsoll::tests
