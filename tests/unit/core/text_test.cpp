#include "engine/core/text.hpp"

#include <array>
#include <string>

#include "engine/core/diagnostic.hpp"
#include "engine/core/results.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;

TEST_CASE("bytes that are no UTF-8 become replacement characters", "[core]") {
  struct Case {
    const char* what;
    std::string bytes;
    std::string text;
  };
  const auto c = GENERATE(values<Case>({
      {"plain", "abc", "abc"},
      {"two, three and four bytes", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"},
      {"a lone continuation byte", "a\x80z", "a\xEF\xBF\xBDz"},
      {"an overlong slash", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"a surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"a sequence cut short is one", "\xE2\x82", "\xEF\xBF\xBD"},
      {"a sequence cut short by a letter", "\xF0\x9F\x98z", "\xEF\xBF\xBDz"},
      {"beyond U+10FFFF", "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"NUL", std::string("a\0b", 3),
       "a\xEF\xBF\xBD"
       "b"},
  }));
  CAPTURE(c.what);
  CHECK(valid_utf8(c.bytes) == c.text);
}

TEST_CASE("long text is cut at a character and says how much is missing", "[core]") {
  struct Case {
    std::string_view bytes;
    std::string_view text;
  };
  const auto c = GENERATE(values<Case>({
      {"", ""},
      {"short", "short"},
      {"0123456789", "0123456789"},
      {"a\x80z", "a\xEF\xBF\xBDz"},
      {"0123456789abc", "0123456789… (3 bytes more)"},
      {"012345678\xC3\xA9"
       "abc",
       "012345678… (5 bytes more)"},
  }));
  CHECK(presentable(c.bytes, 10) == c.text);
  CHECK(presentable(std::string(c.bytes), 10) == c.text);
}

TEST_CASE("the nearest name is one that could be meant", "[core]") {
  struct Case {
    const char* what;
    std::string_view written;
    std::string_view meant;
  };
  const auto c = GENERATE(values<Case>({
      {"a letter forgotten", "at_bot", "at_boot"},
      {"a letter too many", "rruntime", "runtime"},
      {"a letter mistaken", "rumtime", "runtime"},
      {"two letters changed places", "levle", "level"},
      {"two letters changed places in a short name", "jbos", "jobs"},
      {"a letter moved by two places", "runimte", "runtime"},
      {"two pairs changed places", "runitem", "runtime"},
      {"letters that changed places across a third are two mistakes", "sboj", ""},
      {"another word", "colour", ""},
      {"nothing at all", "", ""},
  }));
  constexpr std::array<std::string_view, 5> names = {"at_boot", "runtime", "name", "level", "jobs"};
  CAPTURE(c.what);
  CHECK(nearest(c.written, names) == c.meant);
}

TEST_CASE("lines are taken one by one, and empty ones count", "[core]") {
  std::string_view rest = "one\n\nthree\r\nfour";
  CHECK(take_line(rest) == "one");
  CHECK(take_line(rest).empty());
  CHECK(take_line(rest) == "three\r");
  CHECK(take_line(rest) == "four");
  CHECK(rest.empty());
}

TEST_CASE("names and words are cut and lowered without a locale", "[core]") {
  CHECK(base_name("/usr/bin/ls") == "ls");
  CHECK(base_name("ls") == "ls");
  CHECK(base_name("/usr/").empty());
  CHECK(lower_case("Port \xC3\x84") == "port \xC3\x84");
}

TEST_CASE("times are UTC", "[core]") {
  CHECK(utc_seconds(1795463112) == "2026-11-23T19:45:12Z");
  CHECK(utc_milliseconds(1795463112345) == "2026-11-23T19:45:12.345Z");
  CHECK(utc_milliseconds(-1) == "1969-12-31T23:59:59.999Z");
  CHECK(utc_seconds(9'000'000'000'000'000'000) == "9999-12-31T23:59:59Z");
}

TEST_CASE("a diagnostic shows the line, the place and the way out", "[core]") {
  const Diagnostic d{
      {"checks/a.yaml", 10, 5}, "unknown-field", "no field `at_bot`", "did you mean `at_boot`?", "\tas at_bot"};
  CHECK(to_text(d) ==
        "checks/a.yaml:10:5: error[unknown-field]: no field `at_bot`\n"
        "  | \tas at_bot\n"
        "  | \t   ^ did you mean `at_boot`?\n");
}

TEST_CASE("a finding keeps its id, and parts do not run together", "[core]") {
  CHECK(finding_id("a", "host", "r") == finding_id("a", "host", "r"));
  CHECK(finding_id("a", "host", "r") != finding_id("ah", "ost", "r"));
  CHECK(finding_id("a", "host", "r").size() == 36);
  CHECK(finding_id("a", "host", "r")[14] == '5');
}
