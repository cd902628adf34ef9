// Mount units, and unit names of paths.
#include "engine/formats/mount_unit.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  (void)parse_mount_unit(text);
  (void)unit_name_of_path(text);
}
