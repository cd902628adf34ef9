#include "engine/formats/unit_file.hpp"

#include "engine/formats/login_defs.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("unit files: sections, comments and continuation lines", "[formats][unit_file]") {
  const auto assignments = parse_unit_file(
      "Lost=no section\n[Unit]\nDescription = A thing \n# comment\n; comment\n[Service]\nExecStart=/bin/x \\\n"
      "# between\n  -a \\\n  -b\nnothing\n[Install]\nWantedBy=");
  REQUIRE(assignments.size() == 3);
  CHECK(assignments[0] == UnitAssignment{"Unit", "Description", "A thing", 3});
  CHECK(assignments[1].section == "Service");
  CHECK(assignments[1].value == "/bin/x    -a    -b");
  CHECK(assignments[1].line == 7);
  CHECK(assignments[2] == UnitAssignment{"Install", "WantedBy", "", 13});
}

TEST_CASE("words of a unit value keep what is quoted together", "[formats][unit_file]") {
  CHECK(unit_words("a  \"b c\" 'd e'f \\\"g") == std::vector<std::string>{"a", "b c", "d ef", "\"g"});
  CHECK(unit_words("").empty());
}

TEST_CASE("the last line of a key counts in login.defs", "[formats][login_defs]") {
  const auto settings = parse_login_defs(
      "# PASS_MAX_DAYS 1\nPASS_MAX_DAYS\t99999\n  PASS_MAX_DAYS 365  \nUMASK\nENV_PATH \"PATH=/bin\"\n");
  const auto& days = settings.at("PASS_MAX_DAYS");
  CHECK(days.value == "365");
  CHECK(days.line == 3);
  REQUIRE(days.before.size() == 1);
  CHECK(days.before[0].second == "99999");
  CHECK_FALSE(settings.contains("UMASK"));
  CHECK(settings.at("ENV_PATH").value == "PATH=/bin");
  CHECK(parse_useradd_defaults("#INACTIVE=1\nINACTIVE=30\n").at("INACTIVE").value == "30");
}
