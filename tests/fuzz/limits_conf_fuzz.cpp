// Limits at login.
#include "engine/formats/limits_conf.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  for (const auto& line : parse_limits_conf(text)) require(!line.domain.empty() && line.line > 0);
}
