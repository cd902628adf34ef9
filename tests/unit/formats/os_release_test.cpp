#include "engine/formats/os_release.hpp"

#include "tests/support/catch.hpp"

using plimsoll::Error;
using plimsoll::formats::OsReleaseEntry;
using plimsoll::formats::parse_os_release;

TEST_CASE("os-release values are read as systemd reads them", "[formats][os_release]") {
  struct Case {
    const char* what;
    std::string text;
    std::vector<OsReleaseEntry> entries;
  };
  const auto c = GENERATE(values<Case>({
      {"plain", "ID=debian\n", {{"ID", "debian", 1}}},
      {"no newline at the end", "ID=debian", {{"ID", "debian", 1}}},
      {"double quotes", "VERSION_ID=\"12\"\n", {{"VERSION_ID", "12", 1}}},
      {"single quotes keep a backslash", "NAME='a\\b'\n", {{"NAME", "a\\b", 1}}},
      {"escapes in double quotes", "NAME=\"a \\\"b\\\" \\$c \\n\"\n", {{"NAME", "a \"b\" $c \\n", 1}}},
      {"an escape outside quotes", "NAME=a\\ b\n", {{"NAME", "a b", 1}}},
      {"quoted parts join", "NAME='a'\"b\"c\n", {{"NAME", "abc", 1}}},
      {"unquoted words stay, white space at the end goes",
       "NAME=Some Linux  \nID=x\n",
       {{"NAME", "Some Linux", 1}, {"ID", "x", 2}}},
      {"quoted white space at the end stays", "NAME=\"a \" \n", {{"NAME", "a ", 1}}},
      {"comments and lines that assign nothing", "# ID=no\n\nhello\n1X=2\nID=yes\n", {{"ID", "yes", 5}}},
      {"a value over two lines", "NAME=\"a\nb\"\nID=x\n", {{"NAME", "a\nb", 1}, {"ID", "x", 3}}},
      {"a continued line", "NAME=a\\\nb\nID=x\n", {{"NAME", "ab", 1}, {"ID", "x", 3}}},
      {"empty values", "NAME=\nID=\"\"\n", {{"NAME", "", 1}, {"ID", "", 2}}},
      {"carriage returns", "ID=debian\r\nNAME=\"x\"\r\n", {{"ID", "debian", 1}, {"NAME", "x", 2}}},
      {"duplicates are kept for the caller", "ID=a\nID=b\n", {{"ID", "a", 1}, {"ID", "b", 2}}},
      {"nothing", "", {}},
  }));
  CAPTURE(c.what);
  const auto entries = parse_os_release(c.text);
  REQUIRE(entries);
  CHECK(*entries == c.entries);
}

TEST_CASE("an os-release that is broken is an error, not an empty one", "[formats][os_release]") {
  const auto text =
      GENERATE(as<std::string>{}, "NAME=\"Debian\nID=debian\n", "ID='debian", std::string("ID=a\0b\n", 7));
  const auto entries = parse_os_release(text);
  REQUIRE_FALSE(entries);
  CHECK(entries.error().kind == Error::Kind::malformed);
}
