// Text from hosts: what comes out is valid, bounded, and stays as it is.
#include "engine/core/text.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll;

PLIMSOLL_FUZZ(text) {
  const auto valid = valid_utf8(text);
  require(valid_utf8(valid) == valid);
  require(presentable(text, 100).size() < 400);
  (void)trimmed(text);
}
