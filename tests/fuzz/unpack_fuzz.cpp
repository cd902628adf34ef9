// Packed files. What they unpack to stays within the limits.
#include "tests/fuzz/input.hpp"
#include "tests/support/unpack_all.hpp"

PLIMSOLL_FUZZ(text) {
  constexpr std::size_t most = 1U << 20U;
  const auto all = plimsoll::tests::unpack_all(text, {.bytes = most});
  require(!all || all->size() <= most);
  // The last byte says how long parts are: where they end makes no difference.
  const auto part_bytes = text.empty() ? 1 : std::size_t{1} + static_cast<unsigned char>(text.back());
  const auto in_parts = plimsoll::tests::unpack_all(plimsoll::tests::in_parts(text, part_bytes), {.bytes = most});
  require(all.has_value() == in_parts.has_value() && (!all || *all == *in_parts));
}
