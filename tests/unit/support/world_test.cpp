#include "tests/support/world.hpp"

#include <algorithm>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/unpack_all.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using sources::FileType;
using Kind = Error::Kind;

namespace {

FakeRoot root_of(std::string_view yaml) {
  return FakeRoot(tree_of(world_of(yaml)));
}

std::string told(const Result<std::string>& result) {
  return result ? "ok:" + *result : std::string(name_of(result.error().kind));
}

Error refused(std::string_view yaml) {
  const auto node = formats::parse_yaml(yaml);
  REQUIRE(node);
  const auto world = parse_world(*node);
  REQUIRE_FALSE(world);
  return world.error();
}

}  // namespace

TEST_CASE("a world answers as a machine with these files would", "[support]") {
  const auto root = root_of(R"(
files:
  /etc/plain: "text\n"
  /etc/link: { target: plain }
  /etc/absolute: { target: /etc/link }
  /etc/climbs: { target: ../../../../etc/plain }
  /etc/nowhere: { target: /none }
  /loop: { target: loop }
  /run/fifo: { type: fifo }
  /etc/unreadable: { mode: "0000", content: x }
  /etc/denied: { error: denied, content: x }
  /etc/broken: { error: failed, content: x }
  /etc/slow: { error: timed_out }
  /etc/large: { error: too_large }
  /etc/sparse: { size: 10737418240 }
  /etc/gone: { error: vanishes }
  /closed: { type: directory, error: denied }
  /closed/file: x
  /locked: { type: directory, mode: "0600" }
  /locked/file: x
  /proc/7/exe: { target: /usr/bin/thing }
  /proc/self: { target: "7" }
)");
  struct Case {
    const char* path;
    const char* outcome;
  };
  const auto c = GENERATE(
      values<Case>({{"/etc/plain", "ok:text\n"},      {"/etc/link", "ok:text\n"},        {"/etc/absolute", "ok:text\n"},
                    {"/etc/climbs", "ok:text\n"},     {"/../etc//./plain", "ok:text\n"}, {"/etc/nowhere", "not_found"},
                    {"/none", "not_found"},           {"/etc/plain/x", "not_found"},     {"/loop", "failed"},
                    {"/run/fifo", "unsupported"},     {"/etc", "unsupported"},           {"/etc/unreadable", "denied"},
                    {"/etc/denied", "denied"},        {"/etc/broken", "failed"},         {"/etc/slow", "timed_out"},
                    {"/etc/large", "too_large"},      {"/etc/sparse", "too_large"},      {"/etc/gone", "not_found"},
                    {"/closed/file", "denied"},       {"/locked/file", "denied"},        {"/proc/7/exe", "unsupported"},
                    {"/proc/self/exe", "unsupported"}}));
  CAPTURE(c.path);
  CHECK(told(root.read(c.path, 100)) == c.outcome);
  CHECK(told(root.read_link("/proc/self/exe")) == "ok:/usr/bin/thing");
  CHECK(root.read("/etc/plain", 4).error().kind == Kind::too_large);
  CHECK(root.status("/etc/denied").has_value());
  CHECK(root.status("/closed/file").error().kind == Kind::denied);
  CHECK(root.list("/closed").error().kind == Kind::denied);
}

TEST_CASE("a world says what statx and getxattr would", "[support]") {
  const auto root = root_of(R"(
files:
  /a: { mode: "4755", owner: 7, group: root, content: "12345", modified: "1970-01-02T00:00:01Z",
        attributes: { user.text: plain, user.bytes: "0x00ff" } }
  /l: { target: a }
  /d/e/f: ""
)");
  const auto status = root.status("/l");
  REQUIRE(status);
  CHECK(status->type == FileType::regular);
  CHECK(status->mode == 04755);
  CHECK(status->uid == 7);
  CHECK(status->gid == 0);
  CHECK(status->size == 5);
  CHECK(status->modified == 86401);
  CHECK(root.link_status("/l")->type == FileType::symlink);
  CHECK(root.status("/d/e")->mode == 0755);
  CHECK(told(root.attribute("/a", "user.text")) == "ok:plain");
  CHECK(*root.attribute("/a", "user.bytes") == std::string("\0\xff", 2));
  CHECK(told(root.attribute("/a", "user.none")) == "not_found");
  const std::vector<sources::DirectoryEntry> top = {
      {"a", FileType::regular}, {"d", FileType::directory}, {"l", FileType::symlink}};
  CHECK(*root.list("/") == top);
}

TEST_CASE("as_root reads what no mode allows, but not what is denied", "[support]") {
  const auto root = root_of("as_root: true\nfiles: { /a: { mode: \"0000\", content: x }, /b: { error: denied } }\n");
  CHECK(told(root.read("/a", 10)) == "ok:x");
  CHECK(told(root.read("/b", 10)) == "denied");
}

TEST_CASE("the kernel of a root that is not running is seen only through its own /proc", "[support]") {
  CHECK(sources::kernel_visible(root_of("files: {}")));
  CHECK_FALSE(sources::kernel_visible(root_of("live: false\nfiles: { /etc/x: y }")));
  CHECK(sources::kernel_visible(root_of("live: false\nfiles: { /proc/sys/kernel/ostype: \"Linux\\n\" }")));
}

TEST_CASE("a walk of a world goes in path order and tells what it left out", "[support]") {
  const auto root = root_of(R"(
files:
  /b/file: x
  /a: x
  /closed/hidden: x
  /closed: { type: directory, error: denied }
  /mnt/nfs/far: x
  /proc/sys/x: x
left_out: [{ path: /mnt/nfs, why: "nfs4: network file system" }]
)");
  std::vector<std::string> paths;
  const auto outcome = root.walk([&](const sources::WalkEntry& entry) { paths.push_back(entry.path()); }, 4, {});
  REQUIRE(outcome);
  CHECK(paths == std::vector<std::string>{"/", "/a", "/b", "/b/file", "/closed", "/mnt"});
  CHECK(outcome->entries == paths.size());
  const std::vector<sources::LeftOut> expected = {{"/closed", "permission denied", false},
                                                  {"/mnt/nfs", "nfs4: network file system", true},
                                                  {"/proc", "kernel interface, not a local file system", true}};
  CHECK(outcome->left_out == expected);
}

TEST_CASE("packages become the file that dpkg would have", "[support]") {
  const auto root = root_of("packages: { held: hold ok installed, new: { version: \"2:1.0\" }, none: ~ }");
  const auto status = root.read("/var/lib/dpkg/status", 10000);
  REQUIRE(status);
  CHECK(
      *status ==
      "Package: held\nStatus: hold ok installed\nArchitecture: amd64\nVersion: 1.0-1\nDescription: made for a test\n\n"
      "Package: new\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2:1.0\nDescription: made for a "
      "test\n\n");
  CHECK(told(root_of("packages: []").read("/var/lib/dpkg/status", 10)) == "ok:");
  CHECK(told(root_of("files: {}").read("/var/lib/dpkg/status", 10)) == "not_found");
}

TEST_CASE("packages of rpm become its database, and files are packed", "[support]") {
  const auto tree = tree_of(world_of(R"(
rpm_packages: [bash-5.1.8-9.el9.x86_64, "grub2-common-1:2.06-70.el9.noarch"]
files: { /a: { content: ab, repeated: 3 }, /b: { content: ab, repeated: 3, packed: zstd } }
)"));
  CHECK(tree.files.at("/a").content == "ababab");
  CHECK(unpack_all(tree.files.at("/b").content, {}) == "ababab");
  CHECK(tree.files.at("/var/lib/rpm/rpmdb.sqlite").content.starts_with("SQLite format 3"));
}

TEST_CASE("a world stands on the given one", "[support]") {
  const World given = world_of(R"(
files: { /a: given, /b: given, /c/d: given }
packages: [one, two]
live: false
now: "2026-02-01T00:00:00Z"
)");
  const World world =
      merged(given, world_of("files: { /b: own, /c: ~ }\npackages: { two: ~, three: { version: \"3\" } }"));
  const FakeRoot root(tree_of(world));
  CHECK(told(root.read("/a", 10)) == "ok:given");
  CHECK(told(root.read("/b", 10)) == "ok:own");
  CHECK(told(root.status("/c") ? Result<std::string>("there") : std::unexpected(root.status("/c").error())) ==
        "not_found");
  const auto packages = *root.read("/var/lib/dpkg/status", 10000);
  CHECK(packages.find("Package: one\n") != std::string::npos);
  CHECK(packages.find("Package: two\n") == std::string::npos);
  CHECK(packages.find("Version: 3\n") != std::string::npos);
  CHECK_FALSE(root.live());
  CHECK(now_ms_of(world) == 1'769'904'000'000);
  CHECK(now_ms_of(World{}) == 1'768'478'400'000);
}

TEST_CASE("a slip in a world is refused at its place", "[support]") {
  struct Case {
    const char* yaml;
    std::uint32_t line;
    const char* says;
  };
  const auto c = GENERATE(values<Case>({
      {"files: {}\nfile: {}\n", 2, "unknown key `file`"},
      {"files:\n  /a: { contents: x }\n", 2, "a file has no key `contents`"},
      {"files:\n  /a: x\n  /a: y\n", 3, "`/a` stands twice in files"},
      {"files:\n  etc/a: x\n", 2, "must be an absolute path"},
      {"files:\n  /a/../b: x\n", 2, "must be an absolute path"},
      {"files:\n  /a: { mode: \"0888\" }\n", 2, "`mode` must be octal"},
      {"files:\n  /a: { type: pipe }\n", 2, "`type` must be"},
      {"files:\n  /a: { type: link }\n", 2, "a link needs a target"},
      {"files:\n  /a: { error: odd }\n", 2, "`error` must be"},
      {"files:\n  /a: { attributes: { x: \"0xzz\" } }\n", 2, "not hexadecimal"},
      {"files:\n  /a: { owner: alice }\n", 2, "must be a numeric id"},
      {"live: maybe\n", 1, "must be true or false"},
      {"now: yesterday\n", 1, "`now` must be like"},
      {"packages:\n  x: { state: y }\n", 2, "a package has no key `state`"},
      {"rpm_packages:\n  - bash\n", 2, "`bash` is not like bash-5.1.8-9.el9.x86_64"},
      {"files:\n  /a: { packed: rar }\n", 2, "`packed` must be gzip"},
      {"left_out:\n  - { path: /x }\n", 2, "needs path and why"},
      {"sockets: tcp\n", 1, "must be a list"},
      {"sockets:\n  - tcp 0.0.0.0:22\n  - tcp [::]:22 only\n", 3, "is no socket"},
      {"sockets: [\"sctp 0.0.0.0:22\"]\n", 1, "is no socket"},
  }));
  CAPTURE(c.yaml);
  const auto error = refused(c.yaml);
  CHECK(error.kind == Kind::malformed);
  CHECK(error.where.line == c.line);
  CAPTURE(error.what);
  CHECK(error.what.find(c.says) != std::string::npos);
}

TEST_CASE("keys that belong to somebody else are passed over", "[support]") {
  const auto node = formats::parse_yaml("world: a sentence\nverdict: pass\nfiles: { /a: x }\n");
  REQUIRE(node);
  constexpr std::string_view others[] = {"world", "verdict"};
  CHECK(parse_world(*node, others).has_value());
}

TEST_CASE("a counting root counts what it passes on", "[support]") {
  const auto inner = root_of("files: { /a: x, /b: y }");
  const CountingRoot root(inner);
  CHECK(told(root.read("/a", 10)) == "ok:x");
  CHECK(told(root.read("/a", 10)) == "ok:x");
  CHECK((*root.open("/b", 10))->next() == "y");
  CHECK(root.list("/").has_value());
  CHECK(root.status("/b").has_value());
  CHECK(root.walk([](const sources::WalkEntry&) {}, 1, {}).has_value());
  CHECK(root.reads() == std::map<std::string, unsigned>{{"/a", 2}, {"/b", 1}});
  CHECK(root.opens() == 4);
  CHECK(root.looks() == 1);
  CHECK(root.walks() == 1);
}
