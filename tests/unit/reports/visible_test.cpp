#include "reports/visible.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace plimsoll::reports;

TEST_CASE("characters without a look of their own are named", "[reports]") {
  struct Case {
    const char* what;
    std::string text;
    std::string shown;
  };
  const auto c = GENERATE(values<Case>({
      {"plain text stays", "PermitRootLogin no", "PermitRootLogin no"},
      {"letters of any script stay", "Łódź שלום 配置 ☃", "Łódź שלום 配置 ☃"},
      {"tab and line feed stay", "a\tb\nc", "a\tb\nc"},
      {"escape", "\x1b[31mred", "⟨U+001B⟩[31mred"},
      {"carriage return", "good\rbad", "good⟨U+000D⟩bad"},
      {"delete", "a\x7f", "a⟨U+007F⟩"},
      {"C1 control", "a\xC2\x9B", "a⟨U+009B⟩"},
      {"right-to-left override", "exe\u202Egnp", "exe⟨U+202E⟩gnp"},
      {"isolates", "\u2066x\u2069", "⟨U+2066⟩x⟨U+2069⟩"},
      {"zero-width space and byte order mark", "a\u200Bb\uFEFF", "a⟨U+200B⟩b⟨U+FEFF⟩"},
      {"tag characters", "a\U000E0041", "a⟨U+E0041⟩"},
      {"noncharacters", "\xEF\xBF\xBF\xF0\x9F\xBF\xBE", "⟨U+FFFF⟩⟨U+1FFFE⟩"},
      {"invalid UTF-8", "a\xFFz", "a\uFFFDz"},
      {"nothing", "", ""},
  }));
  CAPTURE(c.what);
  CHECK(visible(c.text) == c.shown);
}

TEST_CASE("names of characters are told apart from text that reads like one", "[reports]") {
  const auto runs = visible_runs("⟨U+202E⟩\u202E");
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].text == runs[1].text);
  CHECK_FALSE(runs[0].named);
  CHECK(runs[1].named);
}

TEST_CASE("one line has single spaces and none at its ends", "[reports]") {
  CHECK(one_line("  a \n\t b\n") == "a b");
  CHECK(one_line(" \n") == "");
}

TEST_CASE("JSON keeps its value when invisible characters are escaped", "[reports]") {
  CHECK(escape_invisible("{\"a\":\"x\u202Ey\"}") == "{\"a\":\"x\\u202ey\"}");
  CHECK(escape_invisible("\"\U000E0041\"") == "\"\\udb40\\udc41\"");
  CHECK(escape_invisible("\"\x7f\xC2\x9B\"") == "\"\\u007f\\u009b\"");
  CHECK(escape_invisible("[\n\"ü\"\n]") == "[\n\"ü\"\n]");
}
