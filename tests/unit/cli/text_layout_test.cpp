#include "engine/cli/text_layout.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using namespace plimsoll::cli;

TEST_CASE("text of a host cannot steer the terminal", "[cli]") {
  struct Case {
    const char* what;
    std::string text;
    std::string shown;
  };
  const auto c = GENERATE(values<Case>({
      {"plain text stays", "PermitRootLogin yes", "PermitRootLogin yes"},
      {"umlauts and CJK stay", "größe 漢字", "größe 漢字"},
      {"an escape sequence", "\x1b[2J\x1b]0;owned\x07", "\\x1b[2J\\x1b]0;owned\\x07"},
      {"line breaks and tabs", "a\r\nb\tc", "a\\r\\nb\\tc"},
      {"DEL", "a\x7f", "a\\x7f"},
      {"a C1 control in UTF-8 (CSI)",
       "\xc2\x9b"
       "31m",
       "\\x9b31m"},
      {"an override of the direction of text",
       "a\xe2\x80\xae"
       "b",
       "a\\u{202e}b"},
      {"a byte order mark",
       "\xef\xbb\xbf"
       "a",
       "\\u{feff}a"},
      {"tag characters", "\xf3\xa0\x81\x81", "\\u{e0041}"},
      {"invalid UTF-8", "a\xff\xfe", "a\xef\xbf\xbd\xef\xbf\xbd"},
      {"NUL", std::string("a\0b", 3),
       "a\xef\xbf\xbd"
       "b"},
  }));
  CAPTURE(c.what);
  CHECK(printable(c.text) == c.shown);
}

TEST_CASE("width is counted in columns", "[cli]") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("größe") == 5);
  CHECK(display_width("漢字") == 4);
  CHECK(display_width("e\xcc\x81") == 1);
  CHECK(padded("größe", 7) == "größe  ");
  CHECK(padded("longer than that", 3) == "longer than that");
}

TEST_CASE("lines break at spaces and never pass the width", "[cli]") {
  struct Case {
    const char* what;
    std::string text;
    std::size_t width;
    std::size_t taken;
    std::vector<std::string> lines;
  };
  const auto c = GENERATE(values<Case>({
      {"no width, no breaks", "one two three", 0, 0, {"one two three"}},
      {"everything fits", "one two", 7, 0, {"one two"}},
      {"a break between words", "one two three", 8, 0, {"one two", "three"}},
      {"the first line has less room", "one two three", 8, 4, {"one", "two", "three"}},
      {"the first line has no room for the first word", "three two", 8, 5, {"", "three", "two"}},
      {"a word longer than a line", "abcdefgh ij", 4, 0, {"abcd", "efgh", "ij"}},
      {"wide characters count double", "漢字漢字", 4, 0, {"漢字", "漢字"}},
      {"no text", "", 10, 0, {""}},
  }));
  CAPTURE(c.what);
  CHECK(wrapped(c.text, c.width, c.taken) == c.lines);
}

TEST_CASE("hanging text is indented from its second line on", "[cli]") {
  CHECK(hanging("one two three four five six", 4, 4, 24) == "one two three four\n    five six");
  CHECK(hanging("one two", 2, 2, 0) == "one two");
}

TEST_CASE("every line is indented and ended, empty ones too", "[cli]") {
  CHECK(indented("") == "");
  CHECK(indented("one") == "  one\n");
  CHECK(indented("one\n\ntwo\n") == "  one\n  \n  two\n");
}
