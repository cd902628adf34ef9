// fstab, and what its options come to.
#include "engine/formats/fstab.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  for (const auto& entry : parse_fstab(text)) {
    require(entry.line > 0);
    (void)effective_options(entry.options);
  }
}
