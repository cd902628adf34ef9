#include "engine/probes/os_release.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"

using plimsoll::Error;
using plimsoll::probes::os_release_probe;
using plimsoll::sources::FileType;
using namespace plimsoll::tests;

TEST_CASE("the operating system is what os-release says", "[probes][os_release]") {
  FakeTree tree;
  tree.files["/usr/lib/os-release"].content =
      "PRETTY_NAME=\"Rocky Linux 9.4 (Blue Onyx)\"\nNAME=\"Rocky Linux\"\nID=other\nID=\"rocky\"\n"
      "ID_LIKE=\"rhel  centos fedora\"\nVERSION_ID=\"9.4\"\nVARIANT_ID=\n";
  tree.files["/etc/os-release"] = {.type = FileType::symlink, .target = "../usr/lib/os-release"};
  const auto answer = ask(os_release_probe, FakeRoot(tree));
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("exists") == "true");
  CHECK(answer.text("id") == "rocky");
  CHECK(answer.text("id_like") == "rhel, centos, fedora");
  CHECK(answer.text("version_id") == "9.4");
  CHECK(answer.text("version_codename") == "(absent)");
  CHECK(answer.text("name") == "Rocky Linux");
  CHECK(answer.text("pretty_name") == "Rocky Linux 9.4 (Blue Onyx)");
  CHECK(answer.text("variant_id") == "(absent)");
  CHECK(answer.records[0].source == "/etc/os-release");
  CHECK(answer.records[0].fields[1].source == "/etc/os-release:4");
}

TEST_CASE("the file in /etc hides the one in /usr/lib, unless it is not there", "[probes][os_release]") {
  FakeTree tree;
  tree.files["/usr/lib/os-release"].content = "ID=vendor\n";
  CHECK(ask(os_release_probe, FakeRoot(tree)).text("id") == "vendor");
  tree.files["/etc/os-release"] = {.type = FileType::symlink, .target = "nowhere"};
  CHECK(ask(os_release_probe, FakeRoot(tree)).text("id") == "vendor");
  tree.files["/etc/os-release"] = {.content = "NAME=Own\n"};
  CHECK(ask(os_release_probe, FakeRoot(tree)).text("id") == "(absent)");
  CHECK(ask(os_release_probe, FakeRoot(tree)).text("name") == "Own");
}

TEST_CASE("no os-release is an answer, an unreadable or broken one is an error", "[probes][os_release]") {
  const auto none = ask(os_release_probe, FakeRoot({}));
  REQUIRE(none.records.size() == 1);
  CHECK(none.text("exists") == "false");
  CHECK(none.text("id") == "(absent)");
  CHECK_FALSE(none.records[0].source.empty());

  FakeTree tree;
  tree.files["/usr/lib/os-release"].content = "ID=vendor\n";
  tree.files["/etc/os-release"] = {.trouble = FakeFile::Trouble::denied};
  const auto denied = ask(os_release_probe, FakeRoot(tree));
  CHECK(denied.records.empty());
  REQUIRE(denied.failure);
  CHECK(denied.failure->kind == Error::Kind::denied);

  tree.files["/etc/os-release"] = {.content = "ID=\"debian\n"};
  const auto broken = ask(os_release_probe, FakeRoot(tree));
  REQUIRE(broken.failure);
  CHECK(broken.failure->kind == Error::Kind::malformed);
}
