// os-release files.
#include "engine/formats/os_release.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto entries = parse_os_release(text);
  if (!entries) return;
  for (const auto& entry : *entries) require(entry.line > 0);
}
