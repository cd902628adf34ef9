// Two versions, one a line: which is newer does not depend on who is asked first.
#include "engine/formats/rpm_version.hpp"

#include "engine/core/text.hpp"
#include "tests/fuzz/input.hpp"

PLIMSOLL_FUZZ(text) {
  using namespace plimsoll::formats;
  const auto left = rpm_version(plimsoll::take_line(text));
  const auto right = rpm_version(text);
  const auto sign = [](int order) { return (order > 0) - (order < 0); };
  require(sign(compare_rpm_versions(left, right)) == -sign(compare_rpm_versions(right, left)));
  require(compare_rpm_versions(left, left) == 0);
}
