#include "engine/formats/modprobe_d.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("modprobe.d lines are read as kmod reads them", "[formats]") {
  // Checked against `modprobe -C … --showconfig` of kmod 30.
  const auto lines = parse_modprobe_d(
      "install foo-bar \\\n /bin/false\n"
      "# a comment goes on \\\ninstall swallowed /bin/true\n"
      "   # not a comment: unknown word\n"
      " install q-* /bin/a  b\n"
      "install [a-z]x-y /bin/true\n"
      "install bad] /bin/true\n"
      "\tblacklist zz-top\n"
      "blacklist\tqq extra\n"
      "install lone\n"
      "installer x /bin/true\n"
      "options x y=1\n"
      "install last /bin/true");
  REQUIRE(lines.size() == 6);
  CHECK(lines[0].module == "foo_bar");
  CHECK(lines[0].command == " /bin/false");
  CHECK(lines[0].line == 1);
  CHECK(lines[1].module == "q_*");
  CHECK(lines[1].command == "/bin/a  b");
  CHECK(lines[1].line == 6);
  CHECK(lines[2].module == "[a-z]x_y");
  CHECK(lines[3].kind == ModprobeLine::Kind::blacklist);
  CHECK(lines[3].module == "zz_top");
  CHECK(lines[4].module == "qq");
  CHECK(lines[5].module == "last");
  CHECK(lines[5].command == "/bin/true");
}

TEST_CASE("an install command blocks only when it runs true or false and nothing else", "[formats]") {
  struct Case {
    const char* command;
    bool blocks;
  };
  const auto c = GENERATE(values<Case>({
      {"/bin/false", true},
      {"/bin/true", true},
      {"/usr/bin/false", true},
      {"/usr/bin/true", true},
      {" /bin/false ", true},
      {"false", true},
      {"/bin/false --quiet", true},
      {"/bin/false # no reason to load it", true},
      {"/bin/true; modprobe --ignore-install cramfs", false},
      {"/bin/true && insmod x", false},
      {"/bin/false || /sbin/modprobe -i cramfs", false},
      {"/bin/true $(insmod x)", false},
      {"/sbin/modprobe --ignore-install cramfs", false},
      {"/bin/falsey", false},
      {"/opt/bin/false", false},
      {"", false},
  }));
  CAPTURE(c.command);
  CHECK(install_command_blocks(c.command) == c.blocks);
}

TEST_CASE("indexes name modules by file, whatever the compression and the dashes", "[formats]") {
  const std::vector<std::string> wanted{"usb_storage", "cramfs", "squashfs", "ext4"};
  const auto found = modules_in_index(
      "kernel/drivers/usb/storage/usb-storage.ko.xz: kernel/drivers/scsi/scsi_mod.ko.xz kernel/fs/ext4/ext4.ko\n"
      "kernel/fs/squashfs/squashfs.ko.zst:\n"
      "kernel/fs/cramfs/cramfs2.ko:\n"
      "kernel/fs/squashfs/squashfs.ko:\n",
      wanted);
  CHECK(found == std::vector<std::string>{"squashfs", "usb_storage"});
}

TEST_CASE("modules-load.d takes one name a line", "[formats]") {
  const auto found = parse_modules_load_d("# c\n; c\n\n br-netfilter \noverlay");
  REQUIRE(found.size() == 2);
  CHECK(found[0].module == "br_netfilter");
  CHECK(found[0].line == 4);
  CHECK(found[1].module == "overlay");
}

TEST_CASE("/proc/modules names are the first words", "[formats]") {
  CHECK(parse_proc_modules("usb_storage 81920 0 - Live 0x0\nnf_tables 1 2 nft_ct, Live 0x0\n") ==
        std::vector<std::string>{"usb_storage", "nf_tables"});
}
