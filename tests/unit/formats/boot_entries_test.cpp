#include "engine/formats/boot_entries.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

constexpr const char* debian_menu = R"grub(
set default="0"
if [ x$feature_menuentry_id = xy ]; then
  menuentry_id_option="--id"
else
  menuentry_id_option=""
fi
function gfxmode {
	set gfxpayload="${1}"
	if [ "${1}" = "keep" ]; then
		set vt_handoff=vt.handoff=7
	else
		set vt_handoff=
	fi
}
### BEGIN /etc/grub.d/10_linux ###
menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple' {
	load_video
	if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
	search --no-floppy --fs-uuid --set=root 1234
	echo	'Loading Linux ...'
	linux	/boot/vmlinuz-6.1 root=UUID=1234 ro  audit=1 quiet $vt_handoff
	initrd	/boot/initrd.img-6.1
}
submenu 'Advanced options' $menuentry_id_option 'gnulinux-advanced' {
	menuentry 'Debian, with Linux 6.1 (recovery mode)' --class debian {
		linux	/boot/vmlinuz-6.1 root=UUID=1234 ro single
	}
	menuentry 'Debian, with Linux 5.10' {
		linuxefi	/boot/vmlinuz-5.10 root=UUID=1234 ro
	}
}
### END /etc/grub.d/10_linux ###
### BEGIN /etc/grub.d/20_memtest86+ ###
menuentry 'Memory test' {
	linux /boot/memtest86+x64.bin
}
### END /etc/grub.d/20_memtest86+ ###
### BEGIN /etc/grub.d/30_os-prober ###
menuentry 'Another Linux' {
	linux /boot/vmlinuz-other root=/dev/sdb1
}
### END /etc/grub.d/30_os-prober ###
)grub";

}  // namespace

TEST_CASE("the menu of a grub.cfg is read with titles, kinds and lines", "[formats]") {
  const auto menu = parse_grub_cfg(debian_menu, {});
  CHECK_FALSE(menu.reads_bls);
  REQUIRE(menu.entries.size() == 5);
  CHECK(menu.entries[0].title == "Debian GNU/Linux");
  CHECK(menu.entries[0].command_line == "root=UUID=1234 ro audit=1 quiet");
  CHECK(menu.entries[0].line == 22);
  CHECK_FALSE(menu.entries[0].recovery);
  CHECK(menu.entries[1].recovery);
  CHECK(menu.entries[2].command_line == "root=UUID=1234 ro");
  CHECK_FALSE(menu.entries[2].recovery);
  CHECK(menu.entries[3].foreign);
  CHECK(menu.entries[4].foreign);
  CHECK_FALSE(menu.entries[0].foreign);
}

TEST_CASE("an entry answers for a parameter only as far as its variables are known", "[formats]") {
  struct Case {
    const char* what;
    const char* text;
    const char* environment;
    bool known;
    std::vector<std::string> values;
  };
  const auto c = GENERATE(values<Case>({
      {"literal", "linux /vmlinuz audit=1", "", true, {"1"}},
      {"quoted", "linux /vmlinuz 'audit=1' \"quiet\"", "", true, {"1"}},
      {"a comment", "# linux /vmlinuz audit=1\nlinux /vmlinuz quiet # audit=1", "", true, {}},
      {"a variable that nothing sets is empty", "linux /vmlinuz $extra audit=1", "", true, {"1"}},
      {"a variable set once", "set extra=\"audit=1 x=2\"\nlinux /vmlinuz ${extra} ro", "", true, {"1"}},
      {"a variable of the environment block",
       "linux /vmlinuz $kernelopts",
       "kernelopts=root=/dev/x ro audit=1\n",
       true,
       {"1"}},
      {"set under a condition", "if [ a ]; then set extra=audit=1; fi\nlinux /vmlinuz $extra", "", false, {}},
      {"set under a condition, but not it", "if [ a ]; then set extra=quiet; fi\nlinux /vmlinuz $extra", "", true, {}},
      {"set from another variable", "set extra=$other\nlinux /vmlinuz $extra", "", false, {}},
      {"unknown, but overridden behind", "set extra=$other\nlinux /vmlinuz $extra audit=1", "", true, {"1"}},
      {"unknown, and last", "set extra=$other\nlinux /vmlinuz audit=1 $extra", "", false, {}},
      {"a word with a blank", "linux /vmlinuz \"dyndbg=file a +p\" audit=1", "", true, {"1"}},
      {"under Xen",
       "multiboot2 /xen.gz audit=9\nmodule2 /vmlinuz-6.1 placeholder audit=1\nmodule2 --nounzip /initrd",
       "",
       true,
       {"1"}},
      {"a continued line", "linux /vmlinuz \\\n audit=1", "", true, {"1"}},
  }));
  CAPTURE(c.what);
  const auto menu = parse_grub_cfg("set unrelated=1\nmenuentry 'x' {\n" + std::string() + "}\n" + c.text + "\n",
                                   parse_grubenv(c.environment));
  REQUIRE(menu.entries.size() == 1);
  const auto values = values_in_entry(menu.entries[0], "audit");
  CHECK(values.has_value() == c.known);
  if (values && c.known) CHECK(*values == c.values);
  if (!values) CHECK(values.error().kind == Error::Kind::unsupported);
}

TEST_CASE("a grub.cfg that reads Boot Loader Specification entries says so", "[formats]") {
  CHECK(parse_grub_cfg("insmod blscfg\nblscfg\n", {}).reads_bls);
  CHECK_FALSE(parse_grub_cfg("insmod blscfg\n", {}).reads_bls);
}

TEST_CASE("a Boot Loader Specification entry joins its options", "[formats]") {
  const auto entry = parse_bls_entry(
      "title Fedora\nversion 6.5\nlinux /vmlinuz\noptions root=/dev/x ro\noptions audit=1 $tuned_params\n",
      parse_grubenv("tuned_params=nohz=on\n"));
  CHECK(entry.title == "Fedora");
  CHECK(entry.line == 4);
  CHECK(entry.command_line == "root=/dev/x ro audit=1 nohz=on");
  CHECK_FALSE(entry.recovery);
  const auto open = parse_bls_entry("title F (0-rescue-1)\noptions ${kernelopts} audit=1 $other\n", {});
  CHECK(open.recovery);
  CHECK_FALSE(values_in_entry(open, "audit"));
}

TEST_CASE("a GRUB environment block is read without its padding", "[formats]") {
  const auto found = parse_grubenv("# GRUB Environment Block\nsaved_entry=0\nkernelopts=root=x \\\\a\n##########");
  CHECK(found.size() == 2);
  CHECK(found.at("kernelopts") == "root=x \\a");
}

TEST_CASE("binary noise in a grub.cfg is survived", "[formats]") {
  std::string noise;
  for (int i = 0; i < 4096; ++i) noise.push_back(static_cast<char>((i * 7919 + 13) % 256));
  CHECK_NOTHROW(parse_grub_cfg(noise + "{{{{}}}}\"'\\", {}));
  CHECK_NOTHROW(parse_bls_entry(noise + "\noptions $", {}));
}
