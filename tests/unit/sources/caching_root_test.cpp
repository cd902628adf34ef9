#include "engine/sources/caching_root.hpp"

#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/fake_root.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;

TEST_CASE("a small file is read once, an error is met once, and the kernel's files are asked anew", "[sources]") {
  auto world = tests::world_of(R"(
files:
  /etc/small: "text"
  /etc/denied: { error: denied }
  /proc/modules: "ext4"
)");
  world.files["/etc/large"] = tests::FakeFile{.content = std::string(sources::CachingRoot::max_kept_bytes + 1, 'x')};
  const tests::FakeRoot fake(tests::tree_of(world));
  const tests::CountingRoot counting(fake);
  const sources::CachingRoot root(counting);

  struct Case {
    const char* path;
    unsigned reads;
  };
  for (const auto& c : {Case{"/etc/small", 1}, Case{"/etc/denied", 1}, Case{"/etc/none", 1}, Case{"/etc/large", 2},
                        Case{"/proc/modules", 2}}) {
    CAPTURE(c.path);
    const auto first = root.read(c.path, sources::max_config_bytes);
    const auto second = root.read(c.path, sources::max_config_bytes);
    CHECK(first == second);
    CHECK(counting.reads().at(c.path) == c.reads);
  }
}

TEST_CASE("a smaller limit holds for what is already known", "[sources]") {
  const tests::FakeRoot fake(tests::tree_of(tests::world_of("files: { /etc/small: text }")));
  const sources::CachingRoot root(fake);
  CHECK(root.read("/etc/small", 4) == "text");
  const auto limited = root.read("/etc/small", 3);
  REQUIRE_FALSE(limited);
  CHECK(limited.error().kind == Error::Kind::too_large);
}

TEST_CASE("a limit that was too small for one reader is not another's", "[sources]") {
  const tests::FakeRoot fake(tests::tree_of(tests::world_of("files: { /etc/small: text }")));
  const sources::CachingRoot root(fake);
  CHECK_FALSE(root.read("/etc/small", 3));
  CHECK(root.read("/etc/small", 4) == "text");
}

TEST_CASE("what a path is, leads to and holds is asked once", "[sources]") {
  const tests::FakeRoot fake(tests::tree_of(tests::world_of(R"(
files:
  /etc/a: text
  /etc/link: { type: link, target: a }
  /proc/1/status: "Name: init"
)")));
  const tests::CountingRoot counting(fake);
  const sources::CachingRoot root(counting);
  for (int i = 0; i < 2; ++i) {
    CHECK(root.status("/etc/link")->type == sources::FileType::regular);
    CHECK(root.link_status("/etc/link")->type == sources::FileType::symlink);
    CHECK(root.read_link("/etc/link") == "a");
    CHECK_FALSE(root.status("/etc/none"));
    CHECK_FALSE(root.attribute("/etc/a", "user.x"));
  }
  CHECK(counting.looks() == 5);
  (void)root.attribute("/etc/a", "user.y");
  CHECK(counting.looks() == 6);
  for (int i = 0; i < 2; ++i) CHECK(root.list("/etc")->size() == 2);
  CHECK(counting.opens() == 1);
  for (int i = 0; i < 2; ++i) CHECK(root.status("/proc/1/status"));
  CHECK(counting.looks() == 8);
}
