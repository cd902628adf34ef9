// Packed files. What they unpack to stays within the limits.
#include "engine/formats/unpack.hpp"
#include "tests/fuzz/input.hpp"

PLIMSOLL_FUZZ(text) {
  const auto all = plimsoll::formats::unpack_all(text, {.bytes = 1U << 20U});
  require(!all || all->size() <= 1U << 20U);
}
