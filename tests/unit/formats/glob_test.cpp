#include "engine/formats/glob.hpp"

#include <string>

#include "tests/support/catch.hpp"

using plimsoll::formats::expand_braces;
using plimsoll::formats::glob_matches;
using plimsoll::formats::GlobKind;

TEST_CASE("a wildcard pattern matches whole names as glob(7) says", "[formats]") {
  struct Case {
    const char* pattern;
    const char* text;
    bool as_text;
    bool as_path;
  };
  const auto c = GENERATE(values<Case>({
      {"abc", "abc", true, true},
      {"abc", "abcd", false, false},
      {"a*", "abc", true, true},
      {"*c", "abc", true, true},
      {"a*b*c", "axxbyybzzc", true, true},
      {"a*b*c", "axxbyybzz", false, false},
      {"*", "", true, true},
      {"?", "", false, false},
      {"a?c", "abc", true, true},
      {"net/*/conf", "net/ipv4/conf", true, true},
      {"net/*", "net/ipv4/conf", true, false},
      {"net/*/conf", "net/ipv4", false, false},
      {"*", ".hidden", true, false},
      {".*", ".hidden", true, true},
      {"[a-c]x", "bx", true, true},
      {"[a-c]x", "dx", false, false},
      {"[!a-c]x", "dx", true, true},
      {"[]]", "]", true, true},
      {"[abc", "[abc", true, true},
      {"a\\*", "a*", true, true},
      {"a\\*", "ab", false, false},
      {"a\\", "a\\", true, true},
  }));
  CAPTURE(c.pattern, c.text);
  CHECK(glob_matches(c.pattern, c.text, GlobKind::text) == c.as_text);
  CHECK(glob_matches(c.pattern, c.text, GlobKind::path) == c.as_path);
}

TEST_CASE("a pattern of many stars is matched in bounded time", "[formats]") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  CHECK_FALSE(glob_matches(pattern, std::string(2000, 'a') + "b", GlobKind::text));
}

TEST_CASE("braces give their alternatives, and never too many", "[formats]") {
  CHECK(expand_braces("a{b,c}d") == std::vector<std::string>{"abd", "acd"});
  CHECK(expand_braces("plain") == std::vector<std::string>{"plain"});
  CHECK(expand_braces("a{}b") == std::vector<std::string>{"a{}b"});
  CHECK(expand_braces("a{b") == std::vector<std::string>{"a{b"});
  CHECK(expand_braces("x{a,{b,c}}") == std::vector<std::string>{"xa", "xb", "xc"});
  CHECK(expand_braces("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}").size() <= 64);
}
