// The configuration of SELinux.
#include "engine/formats/selinux_config.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto config = parse_selinux_config(text);
  require(config.mode.line != 0 || config.mode.value.empty());
  require(config.type.line != 0 || config.type.value.empty());
}
