#include "engine/formats/selinux_config.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("the configuration of SELinux is read as libselinux does", "[formats]") {
  struct Case {
    const char* what;
    const char* text;
    const char* mode;
    const char* type;
    std::uint32_t mode_line;
    std::uint32_t type_line;
  };
  const auto c = GENERATE(values<Case>({
      {"plain", "SELINUX=enforcing\nSELINUXTYPE=targeted\n", "enforcing", "targeted", 1, 2},
      {"comments", "#SELINUX=enforcing\n# SELINUXTYPE=targeted\n", "", "", 0, 0},
      {"capitals in the value", "SELINUX=Enforcing\n", "enforcing", "", 1, 0},
      {"a blank behind the equals sign", "SELINUX= permissive\nSELINUXTYPE=\ttargeted \n", "permissive", "targeted", 1,
       2},
      {"a remark behind the value", "SELINUX=disabled # for now\n", "disabled", "", 1, 0},
      {"an indented line sets no mode, but a type", "  SELINUX=enforcing\n  SELINUXTYPE=mls\n", "", "mls", 0, 2},
      {"small letters set no mode, but a type", "selinux=enforcing\nselinuxtype=mls\n", "", "mls", 0, 2},
      {"the first mode counts", "SELINUX=permissive\nSELINUX=enforcing\n", "permissive", "", 1, 0},
      {"a word that is none does not", "SELINUX=on\nSELINUX=enforcing\n", "enforcing", "", 2, 0},
      {"the last type counts", "SELINUXTYPE=mls\nSELINUXTYPE=targeted\n", "", "targeted", 0, 2},
      {"blanks around the equals sign", "SELINUX =enforcing\n", "", "", 0, 0},
      {"nothing", "", "", "", 0, 0},
  }));
  CAPTURE(c.what);
  const auto config = parse_selinux_config(c.text);
  CHECK(config.mode.value == c.mode);
  CHECK(config.mode.line == c.mode_line);
  CHECK(config.type.value == c.type);
  CHECK(config.type.line == c.type_line);
}

TEST_CASE("lines that do not count are kept", "[formats]") {
  const auto config =
      parse_selinux_config("SELINUX=on\nSELINUX=enforcing\nSELINUX=disabled\nSELINUXTYPE=a\nSELINUXTYPE=b");
  REQUIRE(config.mode.others.size() == 2);
  CHECK(config.mode.others[0].second == "on");
  CHECK(config.mode.others[1].first == 3);
  REQUIRE(config.type.others.size() == 1);
  CHECK(config.type.others[0].second == "a");
}
