#include "engine/formats/mount_unit.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("a path gives its unit name as systemd-escape -p does", "[formats]") {
  struct Case {
    const char* path;
    const char* name;
  };
  const auto c = GENERATE(values<Case>({
      {"/", "-"},
      {"/tmp", "tmp"},
      {"/var/tmp/", "var-tmp"},
      {"/var/lib/my-app", "var-lib-my\\x2dapp"},
      {"/.hidden/.x", "\\x2ehidden-.x"},
      {"/a b", "a\\x20b"},
  }));
  CHECK(unit_name_of_path(c.path) == c.name);
}

TEST_CASE("a mount unit gives the settings of its Mount section", "[formats]") {
  const auto unit = parse_mount_unit(
      "[Unit]\nOptions=wrong section\n"
      "[Mount]\n"
      "What = tmpfs\n"
      "Where=/tmp\n"
      "# Options=commented\n"
      "Options=mode=1777,\\\n"
      "; a comment does not end a continued line\n"
      "  nosuid\n"
      "Options=mode=1777,strictatime\n"
      "[Install]\nWhat=no\n");
  REQUIRE(unit.what);
  CHECK(unit.what->value == "tmpfs");
  CHECK(unit.what->line == 4);
  REQUIRE(unit.where);
  CHECK(unit.where->value == "/tmp");
  REQUIRE(unit.options);
  CHECK(unit.options->value == "mode=1777,strictatime");
  CHECK(unit.options->line == 10);
  CHECK_FALSE(unit.type);
}

TEST_CASE("an empty assignment takes earlier ones back", "[formats]") {
  const auto unit = parse_mount_unit("[Mount]\nOptions=nodev\nOptions=\n");
  CHECK_FALSE(unit.options);
  CHECK(unit.resets_options);
  CHECK_FALSE(parse_mount_unit("[Mount]\nOptions=\nOptions=nodev\n").resets_options);
}
