#include "engine/formats/dpkg_overrides.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

TEST_CASE("diversions are three lines each", "[formats]") {
  const auto found = parse_dpkg_diversions(
      "/bin/sh\n/bin/sh.distrib\ndash\n/usr/bin/a b\n/usr/bin/a b.real\n:\n/usr/share/man/man1/sh.1.gz\n/x\ndash\n");
  REQUIRE(found);
  REQUIRE(found->size() == 3);
  CHECK((*found)[0].path == "/bin/sh");
  CHECK((*found)[0].diverted_to == "/bin/sh.distrib");
  CHECK((*found)[0].package == "dash");
  CHECK((*found)[1].path == "/usr/bin/a b");
  CHECK((*found)[1].package.empty());
  CHECK((*found)[1].line == 4);
  CHECK(parse_dpkg_diversions("")->empty());
}

TEST_CASE("diversions that dpkg refuses are an error", "[formats]") {
  for (const auto* text : {"/a\n", "/a\n/b\n", "/a\n/b\n\n", "a\n/b\n:\n", "/a\nb\n:\n", "/a\n/b\nx\n/c\n", "\n"}) {
    CAPTURE(text);
    const auto found = parse_dpkg_diversions(text);
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == Error::Kind::malformed);
  }
}

TEST_CASE("overrides name owner, group, mode and path", "[formats]") {
  const auto found = parse_dpkg_stat_overrides("root crontab 2755 /usr/bin/crontab\n#0 #42 0640 /etc/a b\n");
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].owner == "root");
  CHECK((*found)[0].group == "crontab");
  CHECK((*found)[0].mode == 02755);
  CHECK((*found)[0].path == "/usr/bin/crontab");
  CHECK((*found)[1].owner == "#0");
  CHECK((*found)[1].path == "/etc/a b");
  CHECK((*found)[1].line == 2);
  for (const auto* text : {"root root 755\n", "root root 0888 /x\n", "root root 17777 /x\n", "root root 755 x\n",
                           "root  root 755 /x\n", "\n", "root root  /x\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_dpkg_stat_overrides(text));
  }
}
