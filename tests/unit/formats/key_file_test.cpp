#include "engine/formats/key_file.hpp"

#include "engine/formats/dconf_profile.hpp"
#include "tests/support/catch.hpp"

using plimsoll::Error;
using namespace plimsoll::formats;

TEST_CASE("the last value of a key in a group counts", "[formats][key_file]") {
  const auto entries = parse_key_file(
      "# comment\n\n[a/b]\nkey = one \n  other=\r\n[c]\nkey=two\n[a/b] \t\nkey=x=y\n#key=four\nName[de]=fünf\n");
  REQUIRE(entries);
  CHECK(entries->size() == 5);
  CHECK(*find_entry(*entries, "a/b", "key") == KeyFileEntry{"a/b", "key", "x=y", 9});
  CHECK(*find_entry(*entries, "a/b", "other") == KeyFileEntry{"a/b", "other", "", 5});
  CHECK(*find_entry(*entries, "c", "key") == KeyFileEntry{"c", "key", "two", 7});
  CHECK(find_entry(*entries, "c", "other") == nullptr);
  CHECK(entries->front().value == "one ");  // blanks behind a value belong to it
  CHECK(find_entry(*entries, "a/b", "Name[de]") != nullptr);
}

TEST_CASE("GLib refuses the whole file for one bad line", "[formats][key_file]") {
  struct Case {
    const char* text;
    const char* line;
  };
  const auto c = GENERATE(values<Case>({
      {"key=1\n", "line 1"},
      {"[a]\nnonsense\n", "line 2"},
      {"[a]\n=1\n", "line 2"},
      {"[a\nkey=1\n", "line 1"},
      {"[]\n", "line 1"},
      {"[a] b\n", "line 1"},
      {"[a[b]]\n", "line 1"},
      {"[a]\nk]ey=1\n", "line 2"},
  }));
  CAPTURE(c.text);
  const auto entries = parse_key_file(c.text);
  REQUIRE_FALSE(entries);
  CHECK(entries.error().kind == Error::Kind::malformed);
  CHECK(entries.error().what.starts_with(c.line));
}

TEST_CASE("a dconf profile names databases in their order", "[formats][dconf_profile]") {
  using Kind = DconfDatabase::Kind;
  const auto databases = parse_dconf_profile(
      "# comment\n  user-db:user # mine\nsystem-db:local\nsystem-db :site\nother-db:x\nfile-db:/usr/share/x/defaults\n"
      "service-db:keyfile/user");
  CHECK(databases == std::vector<DconfDatabase>{{Kind::user, "user", 2},
                                                {Kind::system, "local", 3},
                                                {Kind::file, "/usr/share/x/defaults", 6},
                                                {Kind::user, "keyfile/user", 7}});
  CHECK(parse_dconf_profile("").empty());
}
