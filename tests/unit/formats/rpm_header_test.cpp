#include "engine/formats/rpm_header.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/rpm_header_bytes.hpp"

using plimsoll::Error;
using plimsoll::formats::parse_rpm_header;
using plimsoll::formats::RpmPackage;
using plimsoll::tests::rpm_header_bytes;

TEST_CASE("an rpm header gives name, version and architecture", "[formats][rpm_header]") {
  struct Case {
    const char* what;
    RpmPackage package;
    const char* full_version;
  };
  const auto c = GENERATE(values<Case>({
      {"with an epoch", {"grub2-common", 1, "2.06", "70.el9", "noarch"}, "1:2.06-70.el9"},
      {"without an epoch", {"bash", {}, "5.1.8", "9.el9", "x86_64"}, "5.1.8-9.el9"},
      {"with an epoch of zero", {"bash", 0, "5.1.8", "9.el9", "x86_64"}, "5.1.8-9.el9"},
      {"an imported key has no architecture", {"gpg-pubkey", {}, "fd431d51", "4ae0493b", ""}, "fd431d51-4ae0493b"},
  }));
  CAPTURE(c.what);
  const auto package = parse_rpm_header(rpm_header_bytes(c.package));
  REQUIRE(package);
  CHECK(*package == c.package);
  CHECK(package->full_version() == c.full_version);
}

TEST_CASE("every cut and every flipped byte of an rpm header is survived", "[formats][rpm_header]") {
  const auto whole = rpm_header_bytes({"bash", 1, "5.1.8", "9.el9", "x86_64"});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto cut = parse_rpm_header(std::string_view(whole).substr(0, size));
    REQUIRE_FALSE(cut);
    CHECK(cut.error().kind == Error::Kind::malformed);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0xff);
    const auto package = parse_rpm_header(flipped);
    if (package) {
      CHECK_FALSE(package->name.empty());
    } else {
      CHECK(package.error().kind == Error::Kind::malformed);
    }
  }
}
