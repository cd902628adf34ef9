// What dpkg was told to do otherwise than packages say.
#include "engine/formats/dpkg_overrides.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  if (const auto found = parse_dpkg_diversions(text)) {
    for (const auto& entry : *found) require(entry.path.starts_with('/') && entry.line % 3 == 1);
  }
  if (const auto found = parse_dpkg_stat_overrides(text)) {
    for (const auto& entry : *found) require(entry.path.starts_with('/') && entry.mode <= 07777);
  }
}
