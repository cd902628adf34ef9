// Limits at login.
#include "engine/formats/limits_conf.hpp"
#include "tests/fuzz/input.hpp"

PLIMSOLL_FUZZ(text) {
  for (const auto& line : plimsoll::formats::parse_limits_conf(text)) {
    require(line.line > 0 && !line.domain.empty());
    require(line.exempt != (line.soft || line.hard));
    require(line.value >= -1);
  }
}
