#include "engine/formats/rpm_repository.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

template <class List, class Item>
Result<std::vector<Item>> read(std::string_view text) {
  std::vector<Item> items;
  List list([&](const Item& item) { items.push_back(item); });
  if (const auto fed = list.feed(text); !fed) return std::unexpected(fed.error());
  if (const auto ended = list.end(); !ended) return std::unexpected(ended.error());
  return items;
}

const auto packages_of = read<RpmPackageList, ListedPackage>;
const auto advisories_of = read<RpmAdvisoryList, RpmAdvisory>;

}  // namespace

TEST_CASE("repomd.xml names the lists of a repository", "[formats][rpm_repository]") {
  const auto files = parse_repomd(R"(<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>1700000000</revision>
  <data type="primary">
    <checksum type="sha256">aa</checksum>
    <location href="repodata/aa-primary.xml.gz"/>
    <size>10</size>
  </data>
  <data type="modules"><location href="repodata/bb-modules.yaml.xz"/></data>
  <data type="group"></data>
</repomd>)");
  REQUIRE(files);
  CHECK(*files == std::vector<RepositoryFile>{{"primary", "repodata/aa-primary.xml.gz"},
                                              {"modules", "repodata/bb-modules.yaml.xz"}});
  CHECK_FALSE(parse_repomd("<metadata/>"));
  CHECK_FALSE(parse_repomd("x"));
}

TEST_CASE("primary.xml gives what identifies each package", "[formats][rpm_repository]") {
  const auto packages = packages_of(R"xml(<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="4">
<package type="rpm">
  <name>bash</name>
  <arch>x86_64</arch>
  <version epoch="0" ver="5.1.8" rel="9.el9"/>
  <summary>The name &amp; the arch</summary>
  <format>
    <rpm:provides><rpm:entry name="config(bash)" flags="EQ" epoch="0" ver="1" rel="1"/></rpm:provides>
    <name>deeper</name><version epoch="7" ver="7" rel="7"/>
  </format>
</package>
<package type="rpm"><arch>noarch</arch><version epoch="1" ver="2.06" rel="70.el9"/><name>grub2-common</name></package>
<package type="other"><name>x</name><arch>x</arch><version ver="1" rel="1"/></package>
<package type="rpm"><name></name><arch>x</arch><version ver="1" rel="1"/></package>
<package type="rpm"><name>unversioned</name><arch>x</arch></package>
<package type="rpm"><name>a&amp;b</name><arch>x</arch><version ver="1"/></package>
</metadata>)xml");
  REQUIRE(packages);
  CHECK(*packages == std::vector<ListedPackage>{{"bash", "x86_64", "0", "5.1.8", "9.el9", 3},
                                                {"grub2-common", "noarch", "1", "2.06", "70.el9", 13},
                                                {"a&b", "x", "0", "1", "", 17}});
  CHECK(packages->at(0).full_version() == "5.1.8-9.el9");
  CHECK(packages->at(1).full_version() == "1:2.06-70.el9");
  CHECK(packages->at(2).full_version() == "1");
}

TEST_CASE("a list that is not whole, or another one, is malformed", "[formats][rpm_repository]") {
  const auto* const text = GENERATE("<metadata><package type='rpm'><name>a</name>", "<updates/>", "", "<metadata>");
  const auto packages = packages_of(text);
  REQUIRE_FALSE(packages);
  CHECK(packages.error().kind == Error::Kind::malformed);
}

TEST_CASE("a name beyond all measure names nothing", "[formats][rpm_repository]") {
  const auto packages =
      packages_of("<metadata><package type='rpm'><name>" + std::string(100'000, 'a') +
                  "</name><arch>x</arch><version ver='1' rel='1'/></package><package type='rpm'><name>b</name>"
                  "<arch>x</arch><version ver='1' rel='1'/></package></metadata>");
  REQUIRE(packages);
  REQUIRE(packages->size() == 1);
  CHECK(packages->front().name == "b");
}

TEST_CASE("updateinfo.xml gives advisories with their packages", "[formats][rpm_repository]") {
  const auto advisories = advisories_of(R"(<?xml version="1.0" encoding="UTF-8"?>
<updates>
  <update from="a@b" status="final" type="security" version="3">
    <id>RHSA-2026:0001</id>
    <title>Important: bash</title>
    <severity>Important</severity>
    <references><reference id="CVE-2026-1" type="cve"/></references>
    <pkglist>
      <collection short="c">
        <name>c</name>
        <package name="bash" version="5.1.8" release="9.el9" epoch="0" arch="x86_64" src="bash.src.rpm"><filename>f</filename></package>
        <package name="grub2-common" version="2.06" release="70.el9" epoch="1" arch="noarch"/>
        <package name="" version="1"/>
      </collection>
    </pkglist>
  </update>
  <update type="bugfix"><id> RHBA-1 </id></update>
</updates>)");
  REQUIRE(advisories);
  REQUIRE(advisories->size() == 2);
  const auto& first = advisories->at(0);
  CHECK(first.id == "RHSA-2026:0001");
  CHECK(first.type == "security");
  CHECK(first.severity == "Important");
  CHECK(first.packages == std::vector<ListedPackage>{{"bash", "x86_64", "0", "5.1.8", "9.el9", 11},
                                                     {"grub2-common", "noarch", "1", "2.06", "70.el9", 12}});
  CHECK(advisories->at(1).id == "RHBA-1");
  CHECK(advisories->at(1).packages.empty());
}

TEST_CASE("an advisory on more packages than there are is refused", "[formats][rpm_repository]") {
  std::string text = "<updates><update><pkglist><collection>";
  for (std::size_t i = 0; i <= RpmAdvisoryList::max_packages; ++i) text += "<package name='a' version='1'/>";
  const auto advisories = advisories_of(text + "</collection></pkglist></update></updates>");
  REQUIRE_FALSE(advisories);
  CHECK(advisories.error().kind == Error::Kind::too_large);
}
