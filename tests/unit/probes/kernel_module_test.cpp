#include "engine/probes/kernel_module.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::kernel_module_probe;

namespace {

/// What the probe says of one thing in a world written in YAML.
ProbeAnswer about(const std::string& world, const char* name) {
  return ask(kernel_module_probe, FakeRoot(tree_of(world_of(world))), {{"name", Value{std::string(name)}}});
}

/// Where the value of a field stands.
std::string place(const ProbeAnswer& answer, std::string_view field) {
  const auto& record = answer.records.at(0);
  const auto& found = record.fields.at(static_cast<std::size_t>(field_index(*answer.schema, field)));
  return found.source.empty() ? record.source : found.source;
}

struct Case {
  const char* what;
  const char* files;
  const char* field;
  const char* value;
  const char* place;  // null: any
};

void check_cases(const Case& c, const char* name) {
  CAPTURE(c.what, c.field);
  const auto answer = about(std::string("files: { ") + c.files + " }", name);
  CHECK(answer.text(c.field) == c.value);
  if (c.place != nullptr) CHECK(place(answer, c.field) == c.place);
}

}  // namespace

TEST_CASE("what modprobe makes of a request for a module is worked out as kmod does", "[probes]") {
  const auto c = GENERATE(values<Case>({
      {"nothing is configured", "/etc/hostname: x", "blocked", "false", "/etc/modprobe.d"},
      {"blocked", "/etc/modprobe.d/a.conf: \"install usb-storage /bin/false\"", "blocked", "true",
       "/etc/modprobe.d/a.conf:1"},
      {"underscore and dash are alike", "/etc/modprobe.d/a.conf: \"install usb_storage /bin/true\"", "blocked", "true",
       nullptr},
      {"/usr/bin", "/etc/modprobe.d/a.conf: \"install usb-storage /usr/bin/false\"", "blocked", "true", nullptr},
      {"a continued line", "/etc/modprobe.d/a.conf: \"install usb-storage \\\\\\n  /bin/false\\n\"", "blocked", "true",
       "/etc/modprobe.d/a.conf:1"},
      {"a wildcard", "/etc/modprobe.d/a.conf: \"install usb-* /bin/false\"", "blocked", "true", nullptr},
      {"another module", "/etc/modprobe.d/a.conf: \"install usb-storage2 /bin/false\"", "blocked", "false", nullptr},
      {"a command that loads it after all",
       "/etc/modprobe.d/a.conf: \"install usb-storage /bin/true; modprobe -i usb-storage\"", "blocked", "false",
       nullptr},
      {"its text", "/etc/modprobe.d/a.conf: \"install usb-storage  /bin/true  x\"", "install_command", " /bin/true  x",
       nullptr},
      {"no text", "/etc/modprobe.d/a.conf: \"blacklist usb-storage\"", "install_command", "(absent)", nullptr},
      {"the first install line counts",
       "/etc/modprobe.d/a.conf: \"install usb-storage /sbin/x\", /etc/modprobe.d/b.conf: \"install usb-storage "
       "/bin/false\"",
       "blocked", "false", "/etc/modprobe.d/a.conf:1"},
      {"files sort by name over all directories",
       "/usr/lib/modprobe.d/a.conf: \"install usb-storage /bin/false\", /etc/modprobe.d/b.conf: \"install usb-storage "
       "/x\"",
       "blocked", "true", "/usr/lib/modprobe.d/a.conf:1"},
      {"masked by the same name in /etc",
       "/etc/modprobe.d/a.conf: { target: /dev/null }, /usr/lib/modprobe.d/a.conf: \"install usb-storage /bin/false\"",
       "blocked", "false", nullptr},
      {"a dead link may mask, by the release of kmod",
       "/etc/modprobe.d/a.conf: { target: /nowhere }, /usr/lib/modprobe.d/a.conf: \"install usb-storage /bin/false\"",
       "blocked", "(unreadable: unobservable)", nullptr},
      {"a dead link that hides nothing", "/etc/modprobe.d/a.conf: { target: /nowhere }", "blocked", "false", nullptr},
      {"an install line in modules-load.d means nothing",
       "/etc/modules-load.d/a.conf: \"install usb-storage /bin/false\"", "blocked", "false", nullptr},
      {"a file without .conf", "/etc/modprobe.d/a: \"install usb-storage /bin/false\"", "blocked", "false", nullptr},
      {"a comment", "/etc/modprobe.d/a.conf: \"#install usb-storage /bin/false\"", "blocked", "false", nullptr},
      {"blacklisting does not block", "/etc/modprobe.d/a.conf: \"blacklist usb-storage\"", "blocked", "false", nullptr},
      {"blacklisted", "/etc/modprobe.d/a.conf: \"blacklist usb-storage\"", "blacklisted", "true",
       "/etc/modprobe.d/a.conf:1"},
      {"blacklisted on the command line", "/proc/cmdline: \"ro modprobe.blacklist=foo,usb-storage\"", "blacklisted",
       "true", "/proc/cmdline"},
      {"not blacklisted", "/etc/modprobe.d/a.conf: \"blacklist usb\"", "blacklisted", "false", nullptr},
      {"a file that cannot be read may hold the first line",
       "/etc/modprobe.d/a.conf: { error: denied }, /etc/modprobe.d/b.conf: \"install usb-storage /bin/false\"",
       "blocked", "(unreadable: denied)", nullptr},
      {"a later file that cannot be read",
       "/etc/modprobe.d/a.conf: \"install usb-storage /bin/false\", /etc/modprobe.d/b.conf: { error: denied }",
       "blocked", "true", nullptr},
      {"blacklisted, as far as can be read",
       "/etc/modprobe.d/a.conf: { error: denied }, /etc/modprobe.d/b.conf: \"blacklist usb-storage\"", "blacklisted",
       "true", nullptr},
      {"asked for at boot", "/etc/modules-load.d/a.conf: \"usb-storage\\n\"", "loaded_at_boot", "true",
       "/etc/modules-load.d/a.conf:1"},
      {"asked for through Debian's link",
       "/etc/modules: \"# c\\nusb-storage\\n\", /etc/modules-load.d/modules.conf: { target: ../modules }",
       "loaded_at_boot", "true", "/etc/modules-load.d/modules.conf:2"},
      {"asked for, but blacklisted",
       "/etc/modules-load.d/a.conf: \"usb-storage\\n\", /etc/modprobe.d/a.conf: \"blacklist usb-storage\"",
       "loaded_at_boot", "false", nullptr},
      {"asked for, but blocked",
       "/etc/modules-load.d/a.conf: \"usb-storage\\n\", /etc/modprobe.d/a.conf: \"install usb_storage /bin/false\"",
       "loaded_at_boot", "false", nullptr},
      {"asked for, and the policy cannot be read",
       "/etc/modules-load.d/a.conf: \"usb-storage\\n\", /etc/modprobe.d/a.conf: { error: denied }", "loaded_at_boot",
       "(unreadable: denied)", nullptr},
      {"not asked for", "/etc/hostname: x", "loaded_at_boot", "false", "/etc/modules-load.d"},
  }));
  check_cases(c, "usb-storage");
}

TEST_CASE("what the kernel and the installed kernels say of a module", "[probes]") {
  const auto c = GENERATE(values<Case>({
      {"loaded", "/proc/modules: \"usb_storage 81920 0 - Live 0x0\\n\"", "loaded", "true", "/proc/modules"},
      {"not loaded", "/proc/modules: \"usb_storage2 81920 0 - Live 0x0\\n\"", "loaded", "false", "/proc/modules"},
      {"a kernel without modules", "/proc/cmdline: ro", "loaded", "false", "/proc/modules"},
      {"not for us", "/proc/modules: { error: denied }", "loaded", "(unreadable: denied)", nullptr},
      {"loadable in one of two kernels",
       "/lib/modules/6.1/modules.dep: \"kernel/a.ko:\\n\", /lib/modules/6.2/modules.dep: "
       "\"kernel/drivers/usb/storage/usb-storage.ko.xz: kernel/a.ko\\n\"",
       "available", "true", "/lib/modules/6.2/modules.dep"},
      {"the kernels that have it",
       "/lib/modules/6.1/modules.dep: \"kernel/usb-storage.ko:\\n\", /lib/modules/6.2/modules.dep: "
       "\"kernel/usb-storage.ko.zst:\\n\"",
       "kernels", "6.1, 6.2", nullptr},
      {"only named as a dependency", "/lib/modules/6.1/modules.dep: \"kernel/a.ko: kernel/usb-storage.ko\\n\"",
       "available", "false", nullptr},
      {"no kernels", "/etc/hostname: x", "available", "false", "/lib/modules"},
      {"an index that cannot be read", "/lib/modules/6.1/modules.dep: { error: denied }", "available",
       "(unreadable: denied)", nullptr},
      {"part of the running kernel",
       "/proc/sys/kernel/osrelease: \"6.1\\n\", /lib/modules/6.1/modules.builtin: \"kernel/usb-storage.ko\\n\"",
       "built_in", "true", "/lib/modules/6.1/modules.builtin"},
      {"part of another kernel only",
       "/proc/sys/kernel/osrelease: \"6.1\\n\", /lib/modules/6.1/modules.builtin: \"kernel/a.ko\\n\", "
       "/lib/modules/6.2/modules.builtin: \"kernel/usb-storage.ko\\n\"",
       "built_in", "false", "/lib/modules/6.1/modules.builtin"},
      {"the running kernel's index is missing", "/proc/sys/kernel/osrelease: \"6.1\\n\"", "built_in",
       "(unreadable: unobservable)", nullptr},
  }));
  check_cases(c, "usb-storage");
}

TEST_CASE("under a root that is not running, installed kernels answer and the running one cannot", "[probes]") {
  const auto answer = about(
      "{ live: false, files: { /lib/modules/6.1/modules.builtin: \"kernel/cramfs.ko\\n\", "
      "/lib/modules/6.1/modules.dep: \"\" } }",
      "cramfs");
  CHECK(answer.text("loaded") == "(unreadable: unobservable)");
  CHECK(answer.text("built_in") == "true");
  CHECK(answer.text("available") == "false");
  CHECK(answer.text("blocked") == "false");
}

TEST_CASE("each index and file is read once for all modules", "[probes]") {
  const FakeRoot world(tree_of(world_of(
      "files: { /proc/modules: \"a 1 0 - Live 0\\n\", /proc/cmdline: ro, /proc/sys/kernel/osrelease: '6.1', "
      "/lib/modules/6.1/modules.dep: \"a.ko:\\n\", /lib/modules/6.1/modules.builtin: \"\", /etc/modprobe.d/a.conf: "
      "\"install b /bin/true\" }")));
  const CountingRoot root(world);
  CHECK(ask_all(kernel_module_probe, root,
                {{{"name", Value{std::string("a")}}},
                 {{"name", Value{std::string("b")}}},
                 {{"name", Value{std::string("c")}}}})
            .answers.size() == 3);
  for (const auto& [path, count] : root.reads()) {
    CAPTURE(path);
    CHECK(count == 1);
  }
}
