#include "engine/formats/rpm_pattern.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("patterns fit packages in one of their forms", "[formats][rpm_pattern]") {
  struct Case {
    const char* pattern;
    bool fits;
  };
  const auto c = GENERATE(values<Case>({
      {"kernel-core", true},
      {"kernel*", true},
      {"kernel", false},
      {"*", true},
      {"kernel-core.x86_64", true},
      {"kernel-core.i686", false},
      {"kernel-core.*", true},
      {"kernel-core-5.14.0", true},
      {"kernel-core-5.14.1", false},
      {"kernel-core-5.14.0-70.el9", true},
      {"kernel-core-5.14.0-70*", true},
      {"kernel-core-5.14.0-70.el9.x86_64", true},
      {"kernel-core-5.14.0-70.el9.*", true},
      {"kernel-core-2:5.14.0-70.el9.*", true},
      {"kernel-core-0:5.14.0-70.el9.*", false},
      {"kernel-core-5.14.0-71.el9.x86_64", false},
      {"*.el9", false},
      {"*-core", true},
      {"kernel-core-", false},
      {"", false},
      {"[", false},
  }));
  CAPTURE(c.pattern);
  const ListedPackage package{"kernel-core", "x86_64", "2", "5.14.0", "70.el9", 1};
  CHECK(rpm_pattern_fits(parse_rpm_pattern(c.pattern), package) == c.fits);
}

TEST_CASE("a pattern tells which names it may be about", "[formats][rpm_pattern]") {
  const auto lock = parse_rpm_pattern("python3-pip-0:21.2.3-6.el9.*");
  CHECK(rpm_pattern_names(lock, "python3-pip"));
  CHECK_FALSE(rpm_pattern_names(lock, "python3"));
  CHECK(rpm_pattern_names(parse_rpm_pattern("bash*"), "bash-completion"));
  CHECK_FALSE(rpm_pattern_names(parse_rpm_pattern(""), "bash"));
}
