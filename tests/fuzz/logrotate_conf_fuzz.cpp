// logrotate.conf and the files that packages drop in.
#include "engine/formats/logrotate_conf.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  for (const auto& item : parse_logrotate_conf(text).items) {
    require(item.line > 0);
    require(!item.paths.empty() || item.directives.size() == 1);
  }
}
