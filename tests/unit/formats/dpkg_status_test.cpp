#include "engine/formats/dpkg_status.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"

using plimsoll::formats::ApkPackage;
using plimsoll::formats::dpkg_state;
using plimsoll::formats::DpkgPackage;
using plimsoll::formats::DpkgState;
using plimsoll::formats::DpkgStatusReader;
using plimsoll::formats::scan_apk_installed;
using plimsoll::formats::scan_dpkg_status;

namespace {

constexpr std::string_view status =
    "Package: adduser\n"
    "Status: install ok installed\n"
    "Architecture: all\n"
    "Version: 3.134\n"
    "Description: add users\n"
    " Package: aide\n"
    " .\n"
    "\n"
    "Package: aide\n"
    "Status: hold ok installed\n"
    "Provides: rsync\n"
    "Architecture: amd64\n"
    "Version: 0.18.3-1+deb12u3\n"
    "\n"
    "Package: libc6\n"
    "Status: install ok installed\n"
    "Architecture: amd64\n"
    "Version: 2.36-9\n"
    "\n"
    "Package: libc6\n"
    "Status: deinstall ok config-files\n"
    "Architecture: i386\n"
    "Version: 2.36-9\n";

}  // namespace

TEST_CASE("packages are found in a dpkg status file", "[formats][dpkg_status]") {
  struct Case {
    const char* what;
    std::vector<std::string_view> names;
    std::vector<DpkgPackage> found;
  };
  const auto c = GENERATE(values<Case>({
      {"the first paragraph", {"adduser"}, {{"adduser", "install ok installed", "3.134", "all", 1}}},
      {"on hold, and not the line of a description",
       {"aide"},
       {{"aide", "hold ok installed", "0.18.3-1+deb12u3", "amd64", 9}}},
      {"one paragraph for each architecture",
       {"libc6"},
       {{"libc6", "install ok installed", "2.36-9", "amd64", 15},
        {"libc6", "deinstall ok config-files", "2.36-9", "i386", 20}}},
      {"provided by another package", {"rsync"}, {}},
      {"the start of another name", {"aid", "lib", "libc"}, {}},
      {"several at once",
       {"adduser", "aide", "zsh"},
       {{"adduser", "install ok installed", "3.134", "all", 1},
        {"aide", "hold ok installed", "0.18.3-1+deb12u3", "amd64", 9}}},
  }));
  CAPTURE(c.what);
  const auto scan = scan_dpkg_status(status, c.names);
  CHECK(scan.any_package);
  CHECK(scan.found == c.found);
}

TEST_CASE("fields of a dpkg paragraph may come in any order", "[formats][dpkg_status]") {
  const std::vector<std::string_view> names = {"b"};
  const auto scan = scan_dpkg_status(
      "Package: a\n\nVersion: 2\nStatus: install ok unpacked\nPackage: b\n\nPackage: c\nVersion: 3\n", names);
  CHECK(scan.found == std::vector<DpkgPackage>{{"b", "install ok unpacked", "2", "", 5}});
}

TEST_CASE("a control file without Status, an empty file and noise are no status file", "[formats][dpkg_status]") {
  const std::vector<std::string_view> names = {"tzdata"};
  CHECK(scan_dpkg_status("Package: tzdata\nVersion: 2024a\n", names).found ==
        std::vector<DpkgPackage>{{"tzdata", "", "2024a", "", 1}});
  CHECK_FALSE(scan_dpkg_status("", names).any_package);
  CHECK_FALSE(scan_dpkg_status("\0\1\2Package", names).any_package);
  CHECK_FALSE(scan_dpkg_status("Package:", names).any_package);
  CHECK(scan_dpkg_status("Package: b", names).any_package);
}

TEST_CASE("what an interrupted copy or a full disk leaves is no status file to trust", "[formats][dpkg_status]") {
  const auto damage = [](std::string_view text) { return scan_dpkg_status(text, {}).damage; };
  CHECK(damage("").empty());
  CHECK(damage("Package: a\nStatus: install ok installed\n").empty());
  CHECK(damage("Package: a\nStatus: install ok insta") == "it ends within a line");
  CHECK(damage(std::string_view("Package: a\n\0\0\0\n", 15)) == "it holds NUL bytes");
}

TEST_CASE("a dpkg status file may come in parts", "[formats][dpkg_status]") {
  const std::vector<std::string_view> names = {"adduser", "aide", "libc6"};
  for (const auto part_bytes : {1UL, 7UL, 64UL}) {
    CAPTURE(part_bytes);
    DpkgStatusReader reader;
    for (auto left = status; !left.empty(); left.remove_prefix(std::min(part_bytes, left.size()))) {
      reader.feed(left.substr(0, part_bytes));
    }
    reader.feed("");
    CHECK(reader.damage().empty());
    CHECK(reader.end() == scan_dpkg_status(status, names).found);
  }
  DpkgStatusReader damaged;
  damaged.feed(std::string_view("a\0", 2));
  damaged.feed("b\n");
  CHECK(damaged.damage() == "it holds NUL bytes");
}

TEST_CASE("the third word of Status decides", "[formats][dpkg_status]") {
  struct Case {
    const char* status;
    DpkgState state;
  };
  const auto c = GENERATE(values<Case>({
      {"install ok installed", DpkgState::installed},
      {"hold ok installed", DpkgState::installed},
      {"deinstall ok installed", DpkgState::installed},
      {"install ok unpacked", DpkgState::installed},
      {"install ok half-configured", DpkgState::installed},
      {"install ok triggers-awaited", DpkgState::installed},
      {"install ok triggers-pending", DpkgState::installed},
      {"deinstall ok config-files", DpkgState::not_installed},
      {"purge ok not-installed", DpkgState::not_installed},
      {"install reinstreq half-installed", DpkgState::broken},
      {"install ok", DpkgState::broken},
      {"install ok installed again", DpkgState::broken},
      {"install ok something", DpkgState::broken},
      {"", DpkgState::broken},
  }));
  CAPTURE(c.status);
  CHECK(dpkg_state(c.status) == c.state);
}

TEST_CASE("packages are found in apk's database", "[formats][dpkg_status]") {
  constexpr std::string_view installed =
      "C:Q1abc=\nP:musl\nV:1.2.4-r2\nA:x86_64\nF:lib\nR:ld-musl-x86_64.so.1\n\nC:Q1def=\nP:busybox\nV:1.36.1-r5\nA:x86_"
      "64\np:cmd:sh\n";
  const std::vector<std::string_view> names = {"busybox", "cmd:sh", "zsh"};
  const auto scan = scan_apk_installed(installed, names);
  CHECK(scan.any_package);
  CHECK(scan.found == std::vector<ApkPackage>{{"busybox", "1.36.1-r5", "x86_64", 9}});
}
