// Header blobs of the rpm database.
#include "engine/formats/rpm_header.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto package = parse_rpm_header(text);
  if (package) (void)package->full_version();
}
