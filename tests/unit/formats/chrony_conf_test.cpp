#include "engine/formats/chrony_conf.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("chrony.conf: directives, comments and blanks", "[formats][chrony_conf]") {
  const auto lines = parse_chrony_conf(
      "# comment\n  ! comment\n%x\n;x\n\n  Pool  a.example\tiburst # no comment\r\nrtcsync\nuser _chrony");
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == ChronyLine{"pool", {"a.example", "iburst", "#", "no", "comment"}, 6});
  CHECK(lines[1] == ChronyLine{"rtcsync", {}, 7});
  CHECK(lines[2] == ChronyLine{"user", {"_chrony"}, 8});
}
