#include "engine/probes/sysctl.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::sysctl_probe;

namespace {

/// What the probe says of one thing in a world written in YAML.
ProbeAnswer about(const std::string& world, const char* name) {
  return ask(sysctl_probe, FakeRoot(tree_of(world_of(world))), {{"name", Value{std::string(name)}}});
}

/// Where the value of a field stands.
std::string place(const ProbeAnswer& answer, std::string_view field) {
  const auto& record = answer.records.at(0);
  const auto& found = record.fields.at(static_cast<std::size_t>(field_index(*answer.schema, field)));
  return found.source.empty() ? record.source : found.source;
}

constexpr const char* key = "net.ipv4.conf.all.send_redirects";

}  // namespace

TEST_CASE("the running value of a kernel setting is read, absent or unreadable", "[probes]") {
  struct Case {
    const char* what;
    const char* world;
    const char* name;
    const char* runtime;
  };
  const auto c = GENERATE(values<Case>({
      {"there", "files: { /proc/sys/kernel/panic: \"10\\n\" }", "kernel.panic", "10"},
      {"several numbers", "files: { /proc/sys/net/ipv4/tcp_rmem: \"4096\\t131072\\t6291456\\n\" }", "net.ipv4.tcp_rmem",
       "4096 131072 6291456"},
      {"written with slashes, an interface with a dot",
       "files: { /proc/sys/net/ipv4/conf/eth0.100/rp_filter: \"1\\n\" }", "net/ipv4/conf/eth0.100/rp_filter", "1"},
      {"written with dots, an interface with a dot", "files: { /proc/sys/net/ipv4/conf/eth0.100/rp_filter: \"1\\n\" }",
       "net.ipv4.conf.eth0/100.rp_filter", "1"},
      {"not there, as with IPv6 off", "files: { /proc/sys/kernel/panic: \"10\\n\" }", "net.ipv6.conf.all.forwarding",
       "(absent)"},
      {"not for us", "files: { /proc/sys/kernel/panic: { mode: \"0000\", content: \"10\\n\" } }", "kernel.panic",
       "(unreadable: denied)"},
      {"an image has no kernel", "{ live: false, files: { /etc/hostname: x } }", "kernel.panic",
       "(unreadable: unobservable)"},
      {"a host mounted into a pod", "{ live: false, files: { /proc/sys/kernel/panic: \"10\\n\" } }", "kernel.panic",
       "10"},
  }));
  CAPTURE(c.what);
  CHECK(about(c.world, c.name).text("runtime") == c.runtime);
}

TEST_CASE("settings of another namespace than the host's are not taken for the host's", "[probes]") {
  struct Case {
    const char* what;
    const char* links;
    const char* name;
    const char* runtime;
  };
  const auto c = GENERATE(values<Case>({
      {"the pod's network", "/proc/1/ns/net: { target: 'net:[1]' }, /proc/self/ns/net: { target: 'net:[2]' }",
       "net.ipv4.ip_forward", "(unreadable: unobservable)"},
      {"the host's network", "/proc/1/ns/net: { target: 'net:[1]' }, /proc/self/ns/net: { target: 'net:[1]' }",
       "net.ipv4.ip_forward", "1"},
      {"the kernel's own setting", "/proc/1/ns/net: { target: 'net:[1]' }, /proc/self/ns/net: { target: 'net:[2]' }",
       "kernel.randomize_va_space", "2"},
      {"the pod's IPC", "/proc/1/ns/ipc: { target: 'ipc:[1]' }, /proc/self/ns/ipc: { target: 'ipc:[2]' }",
       "kernel.shmmax", "(unreadable: unobservable)"},
  }));
  CAPTURE(c.what);
  const auto world = std::string("{ live: false, files: { /proc/sys/net/ipv4/ip_forward: '1', ") +
                     "/proc/sys/kernel/randomize_va_space: '2', /proc/sys/kernel/shmmax: '3', " + c.links + " } }";
  CHECK(about(world, c.name).text("runtime") == c.runtime);
}

TEST_CASE("the value after the next boot is what systemd-sysctl leaves", "[probes]") {
  struct Case {
    const char* what;
    const char* files;
    const char* at_boot;
    const char* place;
  };
  const auto c = GENERATE(values<Case>({
      {"nothing sets it", "/etc/hostname: x", "(absent)", "/etc/sysctl.d"},
      {"one file", "/etc/sysctl.d/10.conf: \"net.ipv4.conf.all.send_redirects = 0\\n\"", "0",
       "/etc/sysctl.d/10.conf:1"},
      {"the later name wins",
       "/etc/sysctl.d/10.conf: \"net.ipv4.conf.all.send_redirects=0\", /usr/lib/sysctl.d/50.conf: "
       "\"#\\nnet/ipv4/conf/all/send_redirects=1\"",
       "1", "/usr/lib/sysctl.d/50.conf:2"},
      {"the same name in /etc hides the one in /usr/lib",
       "/etc/sysctl.d/50.conf: \"#\", /usr/lib/sysctl.d/50.conf: \"net.ipv4.conf.all.send_redirects=1\"", "(absent)",
       "/etc/sysctl.d"},
      {"the same name in /run hides the one in /usr/local/lib",
       "/run/sysctl.d/a.conf: \"net.ipv4.conf.all.send_redirects=2\", /usr/local/lib/sysctl.d/a.conf: "
       "\"net.ipv4.conf.all.send_redirects=1\"",
       "2", "/run/sysctl.d/a.conf:1"},
      {"a link to /dev/null masks",
       "/etc/sysctl.d/50.conf: { target: /dev/null }, /usr/lib/sysctl.d/50.conf: "
       "\"net.ipv4.conf.all.send_redirects=1\"",
       "(absent)", "/etc/sysctl.d"},
      {"/lib is /usr/lib: a file is met once",
       "/lib: { target: usr/lib }, /usr/lib/sysctl.d/50.conf: \"net.ipv4.conf.all.send_redirects=1\"", "1",
       "/usr/lib/sysctl.d/50.conf:1"},
      {"/lib is a directory of its own", "/lib/sysctl.d/50.conf: \"net.ipv4.conf.all.send_redirects=1\"", "1",
       "/lib/sysctl.d/50.conf:1"},
      {"sysctl.conf alone is not read by systemd", "/etc/sysctl.conf: \"net.ipv4.conf.all.send_redirects=0\"",
       "(absent)", "/etc/sysctl.d"},
      {"sysctl.conf through its link",
       "/etc/sysctl.conf: \"net.ipv4.conf.all.send_redirects=0\", /etc/sysctl.d/99-sysctl.conf: { target: "
       "../sysctl.conf }",
       "0", "/etc/sysctl.d/99-sysctl.conf:1"},
      {"without systemd, procps reads sysctl.conf, and last",
       "/etc/init.d/procps: x, /etc/sysctl.conf: \"net.ipv4.conf.all.send_redirects=0\", /etc/sysctl.d/zz.conf: "
       "\"net.ipv4.conf.all.send_redirects=1\"",
       "0", "/etc/sysctl.conf:1"},
      {"other suffixes do not count", "/etc/sysctl.d/10.conf.bak: \"net.ipv4.conf.all.send_redirects=0\"", "(absent)",
       "/etc/sysctl.d"},
      {"a commented line", "/etc/sysctl.d/10.conf: \"#net.ipv4.conf.all.send_redirects=0\"", "(absent)",
       "/etc/sysctl.d"},
      {"a prefix that ignores errors still sets", "/etc/sysctl.d/10.conf: \"-net.ipv4.conf.all.send_redirects=0\"", "0",
       "/etc/sysctl.d/10.conf:1"},
      {"a glob", "/etc/sysctl.d/10.conf: \"net.ipv4.conf.*.send_redirects=0\"", "0", "/etc/sysctl.d/10.conf:1"},
      {"a glob with an exclusion",
       "/etc/sysctl.d/10.conf: \"net.ipv4.conf.*.send_redirects=0\\n-net.ipv4.conf.all.send_redirects\"", "(absent)",
       "/etc/sysctl.d/10.conf:2"},
      {"a plain key beats a later glob",
       "/etc/sysctl.d/10.conf: \"net.ipv4.conf.all.send_redirects=1\", /etc/sysctl.d/20.conf: "
       "\"net.ipv4.conf.*.send_redirects=0\"",
       "1", "/etc/sysctl.d/10.conf:1"},
      {"a file that cannot be read and may decide",
       "/etc/sysctl.d/10.conf: \"net.ipv4.conf.all.send_redirects=0\", /etc/sysctl.d/20.conf: { error: denied }",
       "(unreadable: denied)", nullptr},
      {"a file that cannot be read and cannot decide",
       "/etc/sysctl.d/10.conf: { error: denied }, /etc/sysctl.d/20.conf: \"net.ipv4.conf.all.send_redirects=0\"", "0",
       "/etc/sysctl.d/20.conf:1"},
      {"a glob, when an unread file may hold the plain key",
       "/etc/sysctl.d/10.conf: { error: denied }, /etc/sysctl.d/20.conf: \"net.ipv4.conf.*.send_redirects=0\"",
       "(unreadable: denied)", nullptr},
      {"a directory that cannot be listed", "/etc/sysctl.d: { type: directory, mode: \"0000\" }",
       "(unreadable: denied)", nullptr},
      {"a FIFO for a file", "/etc/sysctl.d/10.conf: { type: fifo }", "(unreadable: unsupported)", nullptr},
      {"systemd-sysctl is masked",
       "/etc/systemd/system/systemd-sysctl.service: { target: /dev/null }, /etc/sysctl.d/10.conf: "
       "\"net.ipv4.conf.all.send_redirects=0\"",
       "(absent)", "/etc/systemd/system/systemd-sysctl.service"},
      {"octal is decimal to the kernel", "/etc/sysctl.d/10.conf: \"net.ipv4.conf.all.send_redirects = 0x1\"", "1",
       "/etc/sysctl.d/10.conf:1"},
      {"ufw overrides",
       "/etc/sysctl.d/10.conf: \"net.ipv4.conf.all.send_redirects=0\", /etc/ufw/ufw.conf: \"ENABLED=yes\", "
       "/etc/default/ufw: \"IPT_SYSCTL=/etc/ufw/sysctl.conf\", /etc/ufw/sysctl.conf: "
       "\"net/ipv4/conf/all/send_redirects=1\", /etc/systemd/system/multi-user.target.wants/ufw.service: { target: "
       "/lib/systemd/system/ufw.service }",
       "1", "/etc/ufw/sysctl.conf:1"},
      {"ufw is off",
       "/etc/sysctl.d/10.conf: \"net.ipv4.conf.all.send_redirects=0\", /etc/ufw/ufw.conf: \"ENABLED=no\", "
       "/etc/default/ufw: \"IPT_SYSCTL=/etc/ufw/sysctl.conf\", /etc/ufw/sysctl.conf: "
       "\"net/ipv4/conf/all/send_redirects=1\", /etc/systemd/system/multi-user.target.wants/ufw.service: { target: x }",
       "0", "/etc/sysctl.d/10.conf:1"},
      {"ufw's unit is not enabled",
       "/etc/sysctl.d/10.conf: \"net.ipv4.conf.all.send_redirects=0\", /etc/ufw/ufw.conf: \"ENABLED=yes\", "
       "/etc/default/ufw: \"IPT_SYSCTL=/etc/ufw/sysctl.conf\", /etc/ufw/sysctl.conf: "
       "\"net/ipv4/conf/all/send_redirects=1\"",
       "0", "/etc/sysctl.d/10.conf:1"},
      {"ufw's unit is masked",
       "/etc/sysctl.d/10.conf: \"net.ipv4.conf.all.send_redirects=0\", /etc/ufw/ufw.conf: \"ENABLED=yes\", "
       "/etc/default/ufw: \"IPT_SYSCTL=/etc/ufw/sysctl.conf\", /etc/ufw/sysctl.conf: "
       "\"net/ipv4/conf/all/send_redirects=1\", /etc/systemd/system/ufw.service: { target: /dev/null }, "
       "/etc/systemd/system/multi-user.target.wants/ufw.service: { target: x }",
       "0", "/etc/sysctl.d/10.conf:1"},
      {"the boot menu sets it", "/boot/grub/grub.cfg: \"linux /vmlinuz sysctl.net.ipv4.conf.all.send_redirects=0\"",
       "0", "/boot/grub/grub.cfg:1"},
      {"sysctl.d overrides the boot menu",
       "/boot/grub/grub.cfg: \"linux /vmlinuz sysctl.net.ipv4.conf.all.send_redirects=0\", /etc/sysctl.d/10.conf: "
       "\"net.ipv4.conf.all.send_redirects=1\"",
       "1", "/etc/sysctl.d/10.conf:1"},
      {"boot menu entries differ",
       "/boot/grub/grub.cfg: \"linux /vmlinuz sysctl.net.ipv4.conf.all.send_redirects=0\\nlinux /vmlinuz ro\"",
       "(unreadable: unsupported)", nullptr},
      {"no boot menu: the running kernel's command line",
       "/proc/cmdline: \"ro sysctl.net.ipv4.conf.all.send_redirects=0\"", "0", "/proc/cmdline"},
      {"a boot menu that cannot be read", "/boot/grub/grub.cfg: { error: denied }", "(unreadable: denied)", nullptr},
  }));
  CAPTURE(c.what);
  const auto answer = about(std::string("files: { ") + c.files + " }", key);
  CHECK(answer.text("at_boot") == c.at_boot);
  if (c.place != nullptr) CHECK(place(answer, "at_boot") == c.place);
}

TEST_CASE("assignments that do not count are shown with the one that does", "[probes]") {
  const auto answer = about(
      "files: { /etc/sysctl.d/10.conf: \"kernel.panic=1\\nkernel.p*=2\", "
      "/etc/sysctl.d/20.conf: \"kernel.panic=3\" }",
      "kernel.panic");
  const auto& field = answer.records.at(0).fields[1];
  CHECK(field.overridden ==
        std::vector<Overridden>{{"/etc/sysctl.d/10.conf:1", "1"}, {"/etc/sysctl.d/10.conf:2", "2"}});
}

TEST_CASE("settings files are read once for all keys, values once each", "[probes]") {
  const FakeRoot world(
      tree_of(world_of("files: { /proc/sys/kernel/panic: '1', /proc/sys/kernel/sysrq: '1', /etc/sysctl.d/10.conf: "
                       "\"kernel.panic=1\" }")));
  const CountingRoot root(world);
  const auto answers = ask_all(sysctl_probe, root,
                               {{{"name", Value{std::string("kernel.panic")}}},
                                {{"name", Value{std::string("kernel.sysrq")}}},
                                {{"name", Value{std::string("kernel.dmesg_restrict")}}}})
                           .answers;
  CHECK(answers.size() == 3);
  for (const auto& [path, count] : root.reads()) {
    CAPTURE(path);
    CHECK(count == 1);
  }
}
