#include "engine/formats/shell_assignments.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("only what is written out is known of a shell variable", "[formats]") {
  struct Case {
    const char* what;
    const char* text;
    const char* value;  // null: never set
    bool literal;
  };
  const auto c = GENERATE(values<Case>({
      {"never set", "B=1\n", nullptr, true},
      {"plain", "A=quiet\n", "quiet", true},
      {"double quotes", "A=\"quiet splash\"\n", "quiet splash", true},
      {"single quotes", "A='a $b `c`'\n", "a $b `c`", true},
      {"joined parts", "A=a'b c'\"d\"\n", "ab cd", true},
      {"escapes", "A=\"x\\\"y\\$z\\n\"\n", "x\"y$z\\n", true},
      {"comment behind", "A=1 # B\n", "1", true},
      {"comment before", "# A=2\nA=1\n", "1", true},
      {"a hash inside a word", "A=x#y\n", "x#y", true},
      {"the last one", "A=1\nA=2\n", "2", true},
      {"export", "export A=1\n", "1", true},
      {"two on a line", "B=2 A=1; C=3\n", "1", true},
      {"itself put in", "A=quiet\nA=\"$A audit=1\"\n", "quiet audit=1", true},
      {"itself in braces", "A=quiet\nA=\"${A} audit=1\"\n", "quiet audit=1", true},
      {"a continued line", "A=\"quiet \\\naudit=1\"\n", "quiet audit=1", true},
      {"an unknown variable", "A=\"$OTHER audit=1\"\n", " audit=1", false},
      {"a default expansion", "A=${A:-x}\n", ":-x}", false},
      {"a command", "A=$(uname -r)\n", nullptr, false},
      {"backquotes", "A=`uname`\n", nullptr, false},
      {"appended", "A=1\nA+=2\n", "2", false},
      {"under a condition", "if [ x ]; then A=1; fi\n", "1", false},
      {"after a condition", "if [ x ]; then B=1; fi\nA=1\n", "1", true},
      {"in a function", "f() {\nA=1\n}\n", "1", false},
      {"unset", "A=1\nunset A\n", "1", false},
      {"another file sourced after it", "A=1\n. /etc/other\n", "1", false},
      {"another file sourced before it", ". /etc/other\nA=1\n", "1", true},
      {"a quote that is never closed", "A=\"quiet\n", nullptr, false},
  }));
  CAPTURE(c.what);
  ShellAssignments variables;
  variables.read("/f", c.text);
  const auto* found = variables.find("A");
  if (c.value == nullptr && c.literal) {
    CHECK(found == nullptr);
    return;
  }
  REQUIRE(found != nullptr);
  CHECK(found->literal == c.literal);
  CHECK(found->why_not.empty() == c.literal);
  if (c.value != nullptr) CHECK(found->text == c.value);
}

TEST_CASE("files read later override, and see what was set before", "[formats]") {
  ShellAssignments variables;
  variables.read("/etc/default/grub", "\n\nA=\"quiet\"\n");
  variables.read("/etc/default/grub.d/50.cfg", "A=\"$A audit=1\"\n");
  REQUIRE(variables.find("A") != nullptr);
  CHECK(variables.find("A")->text == "quiet audit=1");
  CHECK(variables.find("A")->source == "/etc/default/grub.d/50.cfg:1");
}

TEST_CASE("a value that doubles itself stays bounded", "[formats]") {
  std::string text = "A=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n";
  for (int i = 0; i < 60; ++i) text += "A=$A$A\n";
  ShellAssignments variables;
  variables.read("/f", text);
  REQUIRE(variables.find("A") != nullptr);
  CHECK_FALSE(variables.find("A")->literal);
  CHECK(variables.find("A")->text.size() <= 65536);
}
