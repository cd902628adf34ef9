#include "engine/formats/mountinfo.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

constexpr const char* root_line = "20 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n";

}  // namespace

TEST_CASE("a mount table line gives its fields, escapes undone", "[formats]") {
  const auto mounts =
      parse_mountinfo(std::string(root_line) +
                      "31 20 0:40 /a\\040b /mnt/x\\134y ro,nosuid shared:2 master:1 - fuse.sshfs u@h:/d\\040e rw\n"
                      "32 20 0:41 / /empty rw - tmpfs  rw,size=4k\n");
  REQUIRE(mounts);
  REQUIRE(mounts->size() == 3);
  const auto& second = (*mounts)[1];
  CHECK(second.id == 31);
  CHECK(second.parent == 20);
  CHECK(second.device == "0:40");
  CHECK(second.root == "/a b");
  CHECK(second.path == "/mnt/x\\y");
  CHECK(second.options == std::vector<std::string>{"ro", "nosuid"});
  CHECK(second.type == "fuse.sshfs");
  CHECK(second.source == "u@h:/d e");
  CHECK(second.line == 2);
  CHECK((*mounts)[2].source.empty());
  CHECK((*mounts)[2].superblock == std::vector<std::string>{"rw", "size=4k"});
}

TEST_CASE("a broken mount table is an error that names the line", "[formats]") {
  const auto text = GENERATE(as<std::string>{}, "x y z\n", "20 1 8:1 / / rw,relatime shared:1\n",
                             "20 1 81 / / rw - ext4 a rw\n", std::string("\0\xff\n", 3));
  const auto mounts = parse_mountinfo(root_line + text);
  REQUIRE_FALSE(mounts);
  CHECK(mounts.error().kind == Error::Kind::malformed);
  CHECK(mounts.error().what.find("line 2") != std::string::npos);
}

TEST_CASE("the mount that holds a path is found as path resolution finds it", "[formats]") {
  struct Case {
    const char* what;
    const char* table;  // after the root's line
    const char* path;
    std::int64_t id;
    bool separate;
  };
  const auto c = GENERATE(values<Case>({
      {"not a mount point", "", "/tmp", 20, false},
      {"a tmpfs", "30 20 0:30 / /tmp rw - tmpfs tmpfs rw\n", "/tmp", 30, true},
      {"a trailing slash is nothing", "30 20 0:30 / /tmp rw - tmpfs tmpfs rw\n", "/tmp/", 30, true},
      {"a partition", "30 20 8:2 / /var rw - ext4 /dev/sda2 rw\n", "/var", 30, true},
      {"a directory below a partition", "30 20 8:2 / /var rw - ext4 /dev/sda2 rw\n", "/var/log", 30, false},
      {"a bind mount of the same file system", "30 20 8:1 /data/tmp /tmp rw - ext4 /dev/sda1 rw\n", "/tmp", 30, false},
      {"a bind mount of the root file system inside a partition",
       "30 20 8:2 / /var rw - ext4 /dev/sda2 rw\n31 30 8:1 /log /var/log rw - ext4 /dev/sda1 rw\n", "/var/log", 31,
       false},
      {"a bind mount of another partition", "30 20 8:2 /home /home rw - ext4 /dev/sda2 rw\n", "/home", 30, true},
      {"the upper of two on one place",
       "30 20 8:2 / /tmp rw - ext4 /dev/sda2 rw\n31 30 0:31 / /tmp rw - tmpfs tmpfs rw\n", "/tmp", 31, true},
      {"a bind mount of the root over a partition",
       "30 20 8:2 / /tmp rw - ext4 /dev/sda2 rw\n31 30 8:1 /t /tmp rw - ext4 /dev/sda1 rw\n", "/tmp", 31, false},
      {"hidden by a later mount on its parent",
       "30 20 8:2 / /var/log rw - ext4 /dev/sda2 rw\n31 20 8:3 / /var rw - ext4 /dev/sda3 rw\n", "/var/log", 31, false},
      {"the order of lines does not matter",
       "31 30 0:31 / /tmp rw - tmpfs tmpfs rw\n30 20 8:2 / /tmp rw - ext4 /dev/sda2 rw\n", "/tmp", 31, true},
      {"an automount trigger in between",
       "30 20 0:30 / /home rw - autofs systemd-1 rw\n31 30 8:2 / /home rw - ext4 /dev/sda2 rw\n", "/home", 31, true},
      {"an automount trigger alone", "30 20 0:30 / /home rw - autofs systemd-1 rw\n", "/home", 30, false},
      {"the root itself", "", "/", 20, true},
      {"a ZFS dataset", "30 20 0:30 / /var rw - zfs tank/var rw\n", "/var", 30, true},
  }));
  CAPTURE(c.what);
  const auto mounts = parse_mountinfo(std::string(root_line) + c.table);
  REQUIRE(mounts);
  const auto way = mounts_on_the_way(*mounts, c.path);
  REQUIRE_FALSE(way.empty());
  CHECK(way.back()->id == c.id);
  CHECK(is_separate(way, c.path) == c.separate);
}

TEST_CASE("a Btrfs subvolume is separate, a bind mount inside one is not", "[formats]") {
  const auto mounts = parse_mountinfo(
      "20 1 0:25 /@ / rw - btrfs /dev/sda1 rw,subvolid=256,subvol=/@\n"
      "30 20 0:25 /@home /home rw - btrfs /dev/sda1 rw,subvolid=257,subvol=/@home\n"
      "31 20 0:25 /@/srv/tmp /tmp rw - btrfs /dev/sda1 rw,subvolid=256,subvol=/@\n");
  REQUIRE(mounts);
  CHECK(is_separate(mounts_on_the_way(*mounts, "/home"), "/home"));
  CHECK_FALSE(is_separate(mounts_on_the_way(*mounts, "/tmp"), "/tmp"));
}

TEST_CASE("a table without the root's own line still answers", "[formats]") {
  const auto mounts = parse_mountinfo("30 20 0:30 / /tmp rw - tmpfs tmpfs rw\n");
  REQUIRE(mounts);
  CHECK(mounts_on_the_way(*mounts, "/var").empty());
  CHECK(mounts_on_the_way(*mounts, "/tmp").size() == 1);
  CHECK(mounts_on_the_way({}, "/").empty());
}

TEST_CASE("running options join those of mount and file system", "[formats]") {
  const auto mounts = parse_mountinfo(
      "30 20 0:30 / /a rw,nosuid - tmpfs t rw,size=1k\n31 20 0:31 / /b rw - ext4 d ro\n32 20 0:32 / /c ro,nodev - ext4 "
      "d rw,nodev\n");
  REQUIRE(mounts);
  CHECK(running_options((*mounts)[0]) == std::vector<std::string>{"rw", "nosuid", "size=1k"});
  CHECK(running_options((*mounts)[1]) == std::vector<std::string>{"ro"});
  CHECK(running_options((*mounts)[2]) == std::vector<std::string>{"ro", "nodev"});
}

TEST_CASE("commas inside quotes do not separate options", "[formats]") {
  CHECK(split_options("rw,context=\"a:b:c0,c1\",,nodev") ==
        std::vector<std::string>{"rw", "context=\"a:b:c0,c1\"", "nodev"});
}
