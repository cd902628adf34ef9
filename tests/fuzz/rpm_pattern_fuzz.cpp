// A pattern for packages in the first line, a name in the second.
#include "engine/formats/rpm_pattern.hpp"

#include "engine/core/text.hpp"
#include "tests/fuzz/input.hpp"

PLIMSOLL_FUZZ(text) {
  using namespace plimsoll::formats;
  const auto pattern = plimsoll::take_line(text);
  const auto forms = parse_rpm_pattern(pattern);
  require(forms.size() <= 5);
  const ListedPackage package{std::string(text.substr(0, 4096)), "x86_64", "0", "1", "1", 1};
  const bool fits = rpm_pattern_fits(forms, package);
  require(!fits || rpm_pattern_names(forms, package.name));
}
