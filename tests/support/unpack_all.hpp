// What is packed, unpacked at once: the program itself takes it block by block.
#pragma once

#include <string>
#include <string_view>

#include "engine/formats/unpack.hpp"

namespace plimsoll::tests {

[[nodiscard]] inline Result<std::string> unpack_all(std::string_view packed, const formats::UnpackLimits& limits) {
  std::string all;
  const auto done = formats::unpack(packed, limits, [&](std::string_view block) -> Result<void> {
    all += block;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return all;
}

}  // namespace plimsoll::tests
