#include "engine/formats/package_paragraphs.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

namespace {

/// "name version architecture status phased line", each field as it stands there, for each paragraph.
std::vector<std::string> told(std::string_view text, std::size_t part_bytes, PackageParagraphs::Wanted wanted = {}) {
  std::vector<std::string> found;
  const auto visit = [&](const PackageParagraph& paragraph) {
    found.push_back(fmt::format("{}|{}|{}|{}|{}|{}", paragraph.name, paragraph.version, paragraph.architecture,
                                paragraph.status, paragraph.phased, paragraph.line));
  };
  PackageParagraphs paragraphs(visit, std::move(wanted));
  for (; !text.empty(); text.remove_prefix(std::min(part_bytes, text.size()))) {
    // A part of its own, so that nothing can rely on bytes behind it.
    const std::string part(text.substr(0, part_bytes));
    paragraphs.feed(part);
  }
  paragraphs.end();
  return found;
}

constexpr std::size_t whole = 1U << 20U;

}  // namespace

TEST_CASE("paragraphs give the fields that versions need", "[formats][package_paragraphs]") {
  const auto part_bytes = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{64}, whole);
  const auto found = told(
      "\nPackage: bash\nStatus: install ok installed\nVersion:  5.2-1 \nDescription: shell\n Version: no field\n\n \n"
      "Pre-Depends: x\n\npackage: vim\nARCHITECTURE: amd64\nPhased-Update-Percentage: 20",
      part_bytes);
  CHECK(found == std::vector<std::string>{"bash|5.2-1||install ok installed||2", "vim||amd64||20|11"});
}

TEST_CASE("of a paragraph that is not wanted only the end is looked for", "[formats][package_paragraphs]") {
  const auto part_bytes = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{64}, whole);
  const auto wanted = [](std::string_view name) { return name == "vim"; };
  const auto found = told(
      "Version: 1\nPackage: bash\nVersion: 2\n Package: vim\n \t\nPackage: vim\nVersion: 3\n\nPackage: "
      "zsh\nVersion: 4",
      part_bytes, wanted);
  CHECK(found == std::vector<std::string>{"vim|3||||6"});
}

TEST_CASE("the end of what is not wanted is found wherever it lies", "[formats][package_paragraphs]") {
  const auto* const blank = GENERATE("\n", " \n", "\t \r\n");
  const auto wanted = [](std::string_view name) { return name == "vim"; };
  for (std::size_t length = 0; length < 200; ++length) {
    CAPTURE(length);
    const auto text = fmt::format("Package: bash\nTag: x\n more\nDescription: {}\n{}Package: vim\nVersion: 3\n",
                                  std::string(length, 'x'), blank);
    CHECK(told(text, whole, wanted) == std::vector<std::string>{"vim|3||||6"});
    CHECK(told(text, 61, wanted) == std::vector<std::string>{"vim|3||||6"});
  }
}

TEST_CASE("behind the last field of dpkg's file only the end is looked for", "[formats][package_paragraphs]") {
  const auto part_bytes = GENERATE(std::size_t{1}, std::size_t{7}, std::size_t{64}, whole);
  const auto found = told(
      "Package: bash\nStatus: hold ok installed\nArchitecture: amd64\nVersion: 1\nDescription: shell\n more\n"
      "Version: 2\n\nPackage: vim\nStatus: install ok installed\nArchitecture: all\nVersion: 3",
      part_bytes);
  CHECK(found == std::vector<std::string>{"bash|1|amd64|hold ok installed||1", "vim|3|all|install ok installed||9"});
}

TEST_CASE("a paragraph without a name is passed over", "[formats][package_paragraphs]") {
  const auto found = told("Package: \nVersion: 1\n\nVersion: 2\n\nPackage: vim\nVersion: 3\n\nPackage:", whole);
  CHECK(found == std::vector<std::string>{"vim|3||||6"});
}

TEST_CASE("a Release file has one paragraph, behind a signature's own headers or not",
          "[formats][package_paragraphs]") {
  CHECK(release_field("Suite: stable\nNotAutomatic: yes\n\nSuite: other\n", "notautomatic") == "yes");
  CHECK(release_field(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSuite: stable\n-----BEGIN PGP SIGNATURE-----\n",
            "Suite") == "stable");
  CHECK(release_field("Suite: stable\n\nLabel: x\n", "Label").empty());
  CHECK(release_field("", "Label").empty());
}
