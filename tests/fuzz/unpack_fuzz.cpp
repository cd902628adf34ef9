// Packed files. What they unpack to stays within the limits.
#include "tests/fuzz/input.hpp"
#include "tests/support/unpack_all.hpp"

PLIMSOLL_FUZZ(text) {
  const auto all = plimsoll::tests::unpack_all(text, {.bytes = 1U << 20U});
  require(!all || all->size() <= 1U << 20U);
}
