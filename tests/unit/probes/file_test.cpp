#include "engine/probes/file.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"

using plimsoll::Error;
using plimsoll::Value;
using plimsoll::probes::file_probe;
using plimsoll::sources::FileType;
using namespace plimsoll::tests;

namespace {

/// What `setfacl -m u:bob:rwx,g:4000:r,m:rw` leaves behind.
const std::string acl(
    "\2\0\0\0"
    "\1\0\6\0\377\377\377\377"
    "\2\0\7\0\350\3\0\0"
    "\4\0\4\0\377\377\377\377"
    "\10\0\4\0\240\17\0\0"
    "\20\0\6\0\377\377\377\377"
    "\40\0\0\0\377\377\377\377",
    52);

FakeTree host() {
  FakeTree tree;
  tree.files["/etc/passwd"].content = "root:x:0:0::/root:/bin/sh\nbob:x:1000:1000::/home/bob:/bin/sh\n";
  tree.files["/etc/group"].content = "root:x:0:\nshadow:x:42:\n";
  tree.files["/etc/shadow"] = {.content = "secret", .mode = 0640, .uid = 0, .gid = 42, .modified = 1700000000};
  tree.files["/etc/foreign"] = {.uid = 12345, .gid = 12345};
  tree.files["/etc/listed"] = {.mode = 0660, .attributes = {{"system.posix_acl_access", acl}}};
  tree.files["/etc/noise"] = {.attributes = {{"system.posix_acl_access", "noise"}}};
  tree.files["/etc/link"] = {.type = FileType::symlink, .target = "shadow"};
  tree.files["/etc/dangling"] = {.type = FileType::symlink, .target = "/nowhere"};
  tree.files["/etc/loop"] = {.type = FileType::symlink, .target = "loop"};
  tree.files["/etc/closed/file"] = {};
  tree.files["/etc/closed"] = {.type = FileType::directory, .trouble = FakeFile::Trouble::denied};
  tree.files["/etc/fifo"] = {.type = FileType::fifo};
  return tree;
}

ProbeAnswer file(const std::string& path, const FakeTree& tree = host()) {
  const FakeRoot root(tree);
  auto answer = ask(file_probe, root, {{"path", Value{path}}});
  REQUIRE(answer.records.size() == 1);
  return answer;
}

}  // namespace

TEST_CASE("a file is described by its status, names and ACL", "[probes][file]") {
  const auto answer = file("/etc/shadow");
  CHECK(answer.records[0].resource == "/etc/shadow");
  CHECK(answer.records[0].source == "/etc/shadow");
  CHECK(answer.text("exists") == "true");
  CHECK(answer.text("type") == "file");
  CHECK(answer.text("mode") == "0640");
  CHECK(answer.text("uid") == "0");
  CHECK(answer.text("gid") == "42");
  CHECK(answer.text("owner") == "root");
  CHECK(answer.text("group") == "shadow");
  CHECK(answer.text("size") == "6");
  CHECK(answer.text("modified") == "2023-11-14T22:13:20Z");
  CHECK(answer.text("is_link") == "false");
  CHECK(answer.text("link_target") == "(absent)");
  CHECK(answer.text("acl") == "");
  CHECK(answer.text("extended_acl") == "false");
  CHECK(answer.text("acl_mode") == "0000");
}

TEST_CASE("an extended ACL is listed as getfacl lists it, and cut by its mask", "[probes][file]") {
  const auto answer = file("/etc/listed");
  CHECK(answer.text("acl") == "user:bob:rwx, group:4000:r--, mask::rw-");
  CHECK(answer.text("extended_acl") == "true");
  CHECK(answer.text("acl_mode") == "0006");

  const auto noise = file("/etc/noise");
  CHECK(noise.text("mode") == "0644");
  CHECK(noise.text("acl") == "(unreadable: malformed)");
  CHECK(noise.text("extended_acl") == "(unreadable: malformed)");
  CHECK(noise.text("acl_mode") == "(unreadable: malformed)");
}

TEST_CASE("links are followed, and a link that leads nowhere does not exist", "[probes][file]") {
  const auto link = file("/etc/link");
  CHECK(link.text("exists") == "true");
  CHECK(link.text("is_link") == "true");
  CHECK(link.text("link_target") == "shadow");
  CHECK(link.text("type") == "file");
  CHECK(link.text("mode") == "0640");
  CHECK(link.text("group") == "shadow");

  const auto dangling = file("/etc/dangling");
  CHECK(dangling.text("exists") == "false");
  CHECK(dangling.text("is_link") == "true");
  CHECK(dangling.text("link_target") == "/nowhere");
  CHECK(dangling.text("mode") == "(absent)");
  CHECK(dangling.records[0].source == "/etc/dangling -> /nowhere (leads nowhere)");
}

TEST_CASE("what is not there is absent, what cannot be looked at is unreadable", "[probes][file]") {
  const auto missing = file("/etc/missing");
  CHECK(missing.text("exists") == "false");
  for (const auto* field : {"type", "mode", "uid", "gid", "owner", "group", "size", "modified", "is_link",
                            "link_target", "acl", "extended_acl", "acl_mode"}) {
    CHECK(missing.text(field) == "(absent)");
  }
  CHECK(file("/etc/shadow/below").text("exists") == "false");

  const auto closed = file("/etc/closed/file");
  for (const auto* field : {"exists", "type", "mode", "owner", "is_link", "acl"}) {
    CHECK(closed.text(field) == "(unreadable: denied)");
  }
  CHECK_FALSE(closed.records[0].fields[0].unreadable()->remedy.empty());

  const auto loop = file("/etc/loop");
  CHECK(loop.text("exists") == "(unreadable: failed)");
  CHECK(loop.text("is_link") == "true");
  CHECK(file("/etc/fifo").text("type") == "fifo");
}

TEST_CASE("names come from the audited host, and a missing one is only absent when nobody else can know it",
          "[probes][file]") {
  CHECK(file("/etc/foreign").text("owner") == "(absent)");
  CHECK(file("/etc/foreign").text("uid") == "12345");

  auto sssd = host();
  sssd.files["/etc/nsswitch.conf"].content = "passwd: files sss\ngroup: files\n";
  CHECK(file("/etc/foreign", sssd).text("owner") == "(unreadable: unobservable)");
  CHECK(file("/etc/foreign", sssd).text("group") == "(absent)");
  CHECK(file("/etc/shadow", sssd).text("owner") == "root");

  auto denied = host();
  denied.files["/etc/passwd"].trouble = FakeFile::Trouble::denied;
  CHECK(file("/etc/shadow", denied).text("owner") == "(unreadable: denied)");
  CHECK(file("/etc/shadow", denied).text("group") == "shadow");

  auto without = host();
  without.files.erase("/etc/passwd");
  CHECK(file("/etc/shadow", without).text("owner") == "(unreadable: not_found)");
}

TEST_CASE("a file that is no link costs one status and one attribute", "[probes][file]") {
  const FakeRoot inner(host());
  const CountingRoot root(inner);
  CHECK(ask(file_probe, root, {{"path", Value{std::string("/etc/shadow")}}}).records.size() == 1);
  CHECK(root.looks() == 2);
}

TEST_CASE("a look says what it found, for checks that leave out what is not there", "[probes][file]") {
  CHECK(file("/etc/shadow").looked_at == "/etc/shadow exists");
  CHECK(file("/etc/nothing").looked_at == "/etc/nothing does not exist");
  CHECK(file("/etc/nothing").looked_at_source == "/etc/nothing");
  CHECK(file("/etc/dangling").looked_at == "/etc/dangling does not exist");
  CHECK(file("/etc/closed/file").looked_at.empty());
}
