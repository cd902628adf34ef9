#include "engine/formats/rpm_version.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

namespace {

int sign(int order) {
  return (order > 0) - (order < 0);
}

}  // namespace

TEST_CASE("versions are ordered as rpm orders them", "[formats][rpm_version]") {
  struct Case {
    const char* left;
    const char* right;
    int order;
  };
  const auto c = GENERATE(values<Case>({
      {"1.0", "1.0", 0},
      {"1.0", "2.0", -1},
      {"2.0.1", "2.0", 1},
      {"5.5p1", "5.5p2", -1},
      {"5.5p10", "5.5p1", 1},
      {"10xyz", "10.1xyz", -1},
      {"xyz10", "xyz10.1", -1},
      {"xyz.4", "8", -1},
      {"5.5p2", "5.6p1", -1},
      {"6.0.rc1", "6.0", 1},
      {"10b2", "10a1", 1},
      {"1.0a", "1.0aa", -1},
      {"10.0001", "10.1", 0},
      {"10.0001", "10.0039", -1},
      {"4.999.9", "5.0", -1},
      {"20101121", "20101122", -1},
      {"1.123456789012345678901234567890", "1.123456789012345678901234567889", 1},
      {"2_0", "2.0", 0},
      {"a+", "a_", 0},
      {"a", "A", 1},
      {"1.0~rc1", "1.0", -1},
      {"1.0~rc1", "1.0~rc2", -1},
      {"1.0~rc1~git123", "1.0~rc1", -1},
      {"1.0^", "1.0", 1},
      {"1.0^git1", "1.0^git2", -1},
      {"1.0^git1", "1.01", -1},
      {"1.0^20160101", "1.0.1", -1},
      {"1.0~rc1^git1", "1.0~rc1", 1},
      {"1.0^git1~pre", "1.0^git1", -1},
      {"", "1", -1},
      {"", "~", 1},
      {"", "^", -1},
  }));
  CAPTURE(c.left, c.right);
  CHECK(sign(compare_rpm_parts(c.left, c.right)) == c.order);
  CHECK(sign(compare_rpm_parts(c.right, c.left)) == -c.order);
}

TEST_CASE("the epoch decides, then the version, then the release", "[formats][rpm_version]") {
  const auto order = [](const char* left, const char* right) {
    return sign(compare_rpm_versions(rpm_version(left), rpm_version(right)));
  };
  CHECK(order("1:1.0-1", "2.0-1") == 1);
  CHECK(order("0:1.0-1", "1.0-1") == 0);
  CHECK(order("9:1-1", "10:1-1") == -1);
  CHECK(order("2.06-70.el9", "2.06-70.el9_3.1") == -1);
  CHECK(order("2.06-9.el9", "2.06-70.el9") == -1);
  CHECK(order("2.1-1", "2.06-70") == -1);
}

TEST_CASE("a version has three parts", "[formats][rpm_version]") {
  const auto full = rpm_version("1:2.06-70.el9");
  CHECK(full.epoch == "1");
  CHECK(full.version == "2.06");
  CHECK(full.release == "70.el9");
  const auto bare = rpm_version("a:b");
  CHECK(bare.epoch == "0");
  CHECK(bare.version == "a:b");
  CHECK(bare.release.empty());
}
