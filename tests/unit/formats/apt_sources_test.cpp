#include "engine/formats/apt_sources.hpp"

#include "tests/support/catch.hpp"

using plimsoll::Error;
using namespace plimsoll::formats;
using Words = std::vector<std::string>;

TEST_CASE("a line of the one-line format is a source", "[formats][apt_sources]") {
  const auto sources = parse_apt_list(
      "# comment\n\ndeb [ arch=amd64,i386 lang+=de Signed-By=/a.gpg ] https://a/debian stable main contrib # end\n"
      "deb-src cdrom:[Debian 12]/ ./\n");
  REQUIRE(sources);
  REQUIRE(sources->size() == 2);
  const auto& first = sources->front();
  CHECK(first.line == 3);
  CHECK(first.enabled);
  CHECK(first.types == Words{"deb"});
  CHECK(first.uris == Words{"https://a/debian"});
  CHECK(first.suites == Words{"stable"});
  CHECK(first.components == Words{"main", "contrib"});
  CHECK(first.options == std::map<std::string, std::string, std::less<>>{
                             {"architectures", "amd64 i386"}, {"languages-add", "de"}, {"signed-by", "/a.gpg"}});
  const auto& second = sources->back();
  CHECK(second.types == Words{"deb-src"});
  CHECK(second.uris == Words{"cdrom:[Debian 12]/"});
  CHECK(second.suites == Words{"./"});
  CHECK(second.components.empty());
}

TEST_CASE("a stanza of the deb822 format is a source", "[formats][apt_sources]") {
  const auto sources = parse_apt_sources(
      "# comment\nTypes: deb deb-src\nURIs: https://a\n https://b\nSuites: stable\n# within\nComponents: main\n"
      "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n\n \n\nEnabled: no\nTYPES: deb\n");
  REQUIRE(sources);
  REQUIRE(sources->size() == 2);
  const auto& first = sources->front();
  CHECK(first.line == 2);
  CHECK(first.types == Words{"deb", "deb-src"});
  CHECK(first.uris == Words{"https://a", "https://b"});
  CHECK(first.suites == Words{"stable"});
  CHECK(first.components == Words{"main"});
  CHECK(first.options.at("signed-by") == "\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n.\nabc");
  CHECK_FALSE(sources->back().enabled);
  CHECK(sources->back().line == 15);
}

TEST_CASE("apt refuses a file for one bad entry", "[formats][apt_sources]") {
  for (const auto* const text :
       {"dep http://a ./\n", "deb\n", "deb http://a\n", "deb http://a stable\n", "deb http://a ./ main\n",
        "deb [ arch=amd64 http://a stable main\n", "deb [ trusted ] http://a stable main\n"}) {
    CAPTURE(text);
    const auto sources = parse_apt_list(text);
    REQUIRE_FALSE(sources);
    CHECK(sources.error().kind == Error::Kind::malformed);
  }
  for (const auto* const text :
       {"Types deb\n", ": deb\n", " deb\n", "Types: deb\nURIs: http://a\n", "Types: deb\n\n\nx: y\n"}) {
    CAPTURE(text);
    const auto sources = parse_apt_sources(text);
    REQUIRE_FALSE(sources);
    CHECK(sources.error().kind == Error::Kind::malformed);
  }
}
