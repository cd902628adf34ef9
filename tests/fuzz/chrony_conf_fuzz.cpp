// chrony.conf and its source files.
#include "engine/formats/chrony_conf.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  for (const auto& line : parse_chrony_conf(text)) require(!line.directive.empty() && line.line > 0);
}
