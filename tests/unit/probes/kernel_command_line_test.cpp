#include "engine/probes/kernel_command_line.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::kernel_command_line_probe;

namespace {

/// What the probe says of one thing in a world written in YAML.
ProbeAnswer about(const std::string& world, const char* parameter) {
  return ask(kernel_command_line_probe, FakeRoot(tree_of(world_of(world))),
             {{"parameter", Value{std::string(parameter)}}});
}

/// Where the value of a field stands.
std::string place(const ProbeAnswer& answer, std::string_view field) {
  const auto& record = answer.records.at(0);
  const auto& found = record.fields.at(static_cast<std::size_t>(field_index(*answer.schema, field)));
  return found.source.empty() ? record.source : found.source;
}

}  // namespace

TEST_CASE("a kernel parameter is read as running, as configured and as update-grub would write it", "[probes]") {
  struct Case {
    const char* what;
    const char* files;
    const char* field;
    const char* value;
    const char* place;
  };
  const auto c = GENERATE(values<Case>({
      {"running", "/proc/cmdline: \"ro audit=1\"", "runtime", "1", "/proc/cmdline"},
      {"the last one counts", "/proc/cmdline: \"audit=1 audit=0\"", "runtime", "0", nullptr},
      {"a flag", "/proc/cmdline: \"audit\"", "runtime", "", nullptr},
      {"a flag is present", "/proc/cmdline: \"audit\"", "runtime_present", "true", nullptr},
      {"not given", "/proc/cmdline: \"audit_backlog_limit=1\"", "runtime", "(absent)", nullptr},
      {"not present", "/proc/cmdline: \"ro\"", "runtime_present", "false", nullptr},
      {"not for us", "/proc/cmdline: { error: denied }", "runtime_present", "(unreadable: denied)", nullptr},

      {"every entry", "/boot/grub/grub.cfg: \"linux /vmlinuz audit=1\\nlinux /vmlinuz2 audit=1\"",
       "configured_everywhere", "true", "/boot/grub/grub.cfg:1"},
      {"one entry lacks it", "/boot/grub/grub.cfg: \"linux /vmlinuz audit=1\\nlinux /vmlinuz2 ro\"",
       "configured_everywhere", "false", "/boot/grub/grub.cfg:2"},
      {"recovery entries do not count",
       "/boot/grub/grub.cfg: \"linux /vmlinuz audit=1\\nmenuentry 'x (recovery mode)' {\\nlinux /vmlinuz "
       "single\\n}\\n\"",
       "configured_everywhere", "true", nullptr},
      {"distinct values", "/boot/grub/grub.cfg: \"linux /vmlinuz audit=1\\nlinux /b audit=0\\nlinux /c audit=1\"",
       "configured", "0, 1", nullptr},
      {"the last of one entry", "/boot/grub/grub.cfg: \"linux /vmlinuz audit=1 audit=0\"", "configured", "0", nullptr},
      {"/boot/grub2", "/boot/grub2/grub.cfg: \"linux16 /vmlinuz audit=1\"", "configured", "1",
       "/boot/grub2/grub.cfg:1"},
      {"GRUB beside the firmware", "/boot/efi/EFI/redhat/grub.cfg: \"linuxefi /vmlinuz audit=1\"", "configured", "1",
       "/boot/efi/EFI/redhat/grub.cfg:1"},
      {"Boot Loader Specification entries that GRUB reads",
       "/boot/grub2/grub.cfg: \"blscfg\", /boot/loader/entries/a.conf: \"title x\\noptions ro audit=1\"", "configured",
       "1", "/boot/loader/entries/a.conf:2"},
      {"entries with the environment block's variable",
       "/boot/grub2/grub.cfg: \"blscfg\", /boot/grub2/grubenv: \"kernelopts=ro audit=1\\n\", "
       "/boot/loader/entries/a.conf: \"options $kernelopts\"",
       "configured", "1", nullptr},
      {"an unknown variable",
       "/boot/grub2/grub.cfg: \"set kernelopts=$other\\nblscfg\", /boot/loader/entries/a.conf: \"options $kernelopts\"",
       "configured_everywhere", "(unreadable: unsupported)", nullptr},
      {"entries that GRUB does not read",
       "/boot/grub/grub.cfg: \"linux /vmlinuz audit=1\", /boot/loader/entries/old.conf: \"options ro\"",
       "configured_everywhere", "true", nullptr},
      {"systemd-boot", "/efi/loader/entries/a.conf: \"options audit=1\"", "configured", "1",
       "/efi/loader/entries/a.conf:1"},
      {"kernel-install's command line", "/etc/kernel/cmdline: \"ro audit=1\\n\"", "configured", "1",
       "/etc/kernel/cmdline:1"},
      {"a Raspberry Pi", "/boot/firmware/cmdline.txt: \"ro audit=1\\n\"", "configured", "1",
       "/boot/firmware/cmdline.txt:1"},
      {"a kernel image with its own command line", "/boot/efi/EFI/Linux/a.efi: x", "configured",
       "(unreadable: unsupported)", nullptr},
      {"no boot loader", "/etc/hostname: x", "configured", "(unreadable: unobservable)", nullptr},
      {"no boot loader, so not everywhere either", "/etc/hostname: x", "configured_everywhere",
       "(unreadable: unobservable)", nullptr},
      {"a menu that cannot be read", "/boot/grub/grub.cfg: { mode: \"0000\", content: x }", "configured",
       "(unreadable: denied)", nullptr},
      {"a break that was seen counts although another file cannot be read",
       "/boot/grub/grub.cfg: \"linux /vmlinuz ro\", /boot/grub2/grub.cfg: { error: denied }", "configured_everywhere",
       "false", "/boot/grub/grub.cfg:1"},

      {"update-grub", "/etc/default/grub: \"#\\nGRUB_CMDLINE_LINUX=\\\"audit=1\\\"\"", "default_file", "1",
       "/etc/default/grub:2"},
      {"_DEFAULT comes after",
       "/etc/default/grub: \"GRUB_CMDLINE_LINUX_DEFAULT='audit=0'\\nGRUB_CMDLINE_LINUX=audit=1\"", "default_file", "0",
       "/etc/default/grub:1"},
      {"grub.d overrides",
       "/etc/default/grub: \"GRUB_CMDLINE_LINUX=audit=1\", /etc/default/grub.d/50.cfg: \"GRUB_CMDLINE_LINUX=ro\"",
       "default_file", "(absent)", nullptr},
      {"grub.d adds",
       "/etc/default/grub: \"GRUB_CMDLINE_LINUX=ro\", /etc/default/grub.d/50.cfg: "
       "\"GRUB_CMDLINE_LINUX=\\\"$GRUB_CMDLINE_LINUX audit=1\\\"\"",
       "default_file", "1", "/etc/default/grub.d/50.cfg:1"},
      {"a shell expression", "/etc/default/grub: \"GRUB_CMDLINE_LINUX=\\\"audit=1 $(x)\\\"\"", "default_file",
       "(unreadable: unsupported)", nullptr},
      {"a shell expression that is overridden",
       "/etc/default/grub: \"GRUB_CMDLINE_LINUX=$(x)\\nGRUB_CMDLINE_LINUX_DEFAULT=audit=1\"", "default_file", "1",
       nullptr},
      {"neither", "/etc/default/grub: \"GRUB_TIMEOUT=5\"", "default_file", "(absent)", nullptr},
      {"no file", "/etc/hostname: x", "default_file", "(absent)", "/etc/default/grub"},
      {"a file that cannot be read", "/etc/default/grub: { error: denied }", "default_file", "(unreadable: denied)",
       nullptr},
  }));
  CAPTURE(c.what, c.field);
  const auto answer = about(std::string("files: { ") + c.files + " }", "audit");
  CHECK(answer.text(c.field) == c.value);
  if (c.place != nullptr) CHECK(place(answer, c.field) == c.place);
}

TEST_CASE("an image says what it would boot with, not what runs", "[probes]") {
  const auto answer = about("{ live: false, files: { /boot/grub/grub.cfg: \"linux /vmlinuz audit=1\" } }", "audit");
  CHECK(answer.text("runtime_present") == "(unreadable: unobservable)");
  CHECK(answer.text("runtime") == "(unreadable: unobservable)");
  CHECK(answer.text("configured") == "1");
}
