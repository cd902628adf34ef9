// The kernel's table of mounts.
#include "engine/formats/mountinfo.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto mounts = parse_mountinfo(text);
  if (mounts) {
    const auto way = mounts_on_the_way(*mounts, "/var/tmp");
    (void)is_separate(way, "/var/tmp");
    for (const auto& mount : *mounts) (void)running_options(mount);
  }
  (void)plain_path(text);
  (void)unescape_octal(text);
}
