#include "engine/formats/package_paragraphs.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("paragraphs give the fields that versions need", "[formats][package_paragraphs]") {
  PackageParagraphs paragraphs(
      "\nPackage: bash\nStatus: install ok installed\nVersion:  5.2-1 \nDescription: shell\n Version: no field\n\n \n"
      "Pre-Depends: x\n\npackage: vim\nARCHITECTURE: amd64\nPhased-Update-Percentage: 20");
  PackageParagraph paragraph;
  REQUIRE(paragraphs.next(paragraph));
  CHECK(paragraph.name == "bash");
  CHECK(paragraph.status == "install ok installed");
  CHECK(paragraph.version == "5.2-1");
  CHECK(paragraph.architecture.empty());
  CHECK(paragraph.line == 2);
  REQUIRE(paragraphs.next(paragraph));
  CHECK(paragraph.name == "vim");
  CHECK(paragraph.version.empty());
  CHECK(paragraph.architecture == "amd64");
  CHECK(paragraph.phased == "20");
  CHECK(paragraph.line == 11);
  CHECK_FALSE(paragraphs.next(paragraph));
}

TEST_CASE("of a paragraph that is not wanted only the end is looked for", "[formats][package_paragraphs]") {
  const auto wanted = [](std::string_view name) { return name == "vim"; };
  PackageParagraphs paragraphs(
      "Version: 1\nPackage: bash\nVersion: 2\n Package: vim\n \t\nPackage: vim\nVersion: 3\n\nPackage: zsh\nVersion: 4",
      wanted, 100);
  PackageParagraph paragraph;
  REQUIRE(paragraphs.next(paragraph));
  CHECK(paragraph.name == "vim");
  CHECK(paragraph.version == "3");
  CHECK(paragraph.line == 106);
  CHECK_FALSE(paragraphs.next(paragraph));
}

TEST_CASE("a paragraph without a name is passed over", "[formats][package_paragraphs]") {
  PackageParagraphs paragraphs("Package: \nVersion: 1\n\nVersion: 2\n\nPackage: vim\nVersion: 3\n\nPackage:");
  PackageParagraph paragraph;
  REQUIRE(paragraphs.next(paragraph));
  CHECK(paragraph.name == "vim");
  CHECK(paragraph.version == "3");
  CHECK_FALSE(paragraphs.next(paragraph));
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
