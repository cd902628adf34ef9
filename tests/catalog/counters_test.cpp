// Counters do not drift as clocks do: what a whole audit of the shipped catalog reads, and how often.
#include <fmt/core.h>

#include <utility>

#include "engine/audit/audit.hpp"
#include "engine/catalog/catalog.hpp"
#include "engine/probes/probe.hpp"
#include "engine/sources/caching_root.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_root.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;

namespace {

constexpr const char* host = R"(
packages: [openssh-server, cron, sudo, auditd, chrony, rsyslog]
files:
  /etc/os-release: "ID=debian\nVERSION_ID=\"12\"\n"
  /etc/passwd: "root:x:0:0::/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/bash\n"
  /etc/group: "root:x:0:\nshadow:x:42:\nann:x:1000:\n"
  /etc/shadow: { mode: "0640", group: 42, content: "root:*:19000:0:99999:7:::\nann:$y$j9T$x$y:19000:0:365:7:30::\n" }
  /etc/gshadow: { mode: "0640", group: 42, content: "root:*::\nshadow:*::\nann:!::\n" }
  /etc/shells: "/bin/sh\n/bin/bash\n"
  /etc/login.defs: "PASS_MAX_DAYS 365\nUID_MIN 1000\n"
  /etc/nsswitch.conf: "passwd: files\ngroup: files\nshadow: files\n"
  /etc/ssh/sshd_config: "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\n"
  /etc/ssh/sshd_config.d/10.conf: "MaxAuthTries 4\n"
  /etc/sysctl.d/10.conf: "kernel.randomize_va_space = 2\nnet.ipv4.ip_forward = 0\n"
  /usr/lib/sysctl.d/50.conf: "net.ipv4.conf.all.rp_filter = 2\n"
  /etc/modprobe.d/a.conf: "install cramfs /bin/false\nblacklist cramfs\n"
  /lib/modules/6.1.0/modules.dep: "kernel/fs/cramfs/cramfs.ko:\n"
  /lib/modules/6.1.0/modules.builtin: "kernel/fs/proc/proc.ko\n"
  /proc/sys/kernel/osrelease: "6.1.0\n"
  /proc/sys/kernel/randomize_va_space: "2\n"
  /proc/sys/net/ipv4/ip_forward: "0\n"
  /proc/modules: "ext4 1 1 - Live 0\n"
  /proc/cmdline: "ro audit=1\n"
  /proc/self/mountinfo: "22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n"
  /proc/1/status: "Name:\tsystemd\nState:\tS (sleeping)\nPPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n"
  /proc/1/cmdline: "/sbin/init\0"
  /etc/fstab: "/dev/sda1 / ext4 defaults 0 1\n"
  /boot/grub/grub.cfg: { mode: "0600", content: "menuentry 'x' {\n  linux /vmlinuz audit=1\n}\n" }
  /etc/crontab: "# none\n"
  /etc/issue: "Authorised use only.\n"
  /usr/lib/systemd/system/cron.service: "[Service]\nExecStart=/usr/sbin/cron\n[Install]\nWantedBy=multi-user.target\n"
)";

}  // namespace

TEST_CASE("a whole audit reads each file once and walks once", "[catalog]") {
  const auto world = tests::world_of(host);
  const tests::FakeRoot fake(tests::tree_of(world));
  const tests::CountingRoot counting(fake);
  const sources::CachingRoot root(counting);
  const tests::FixedClock clock(tests::now_ms_of(world));
  const sources::Memo memo;
  const sources::Sources sources{root, clock, memo, 2, {}};
  const auto catalog = catalog::shipped();
  audit::Options options;

  const auto chosen = audit::detect(catalog, sources, options);
  REQUIRE(chosen.problem.empty());
  REQUIRE(chosen.profiles.size() == 1);
  CHECK(chosen.profiles.front().id == "cis-debian-12");

  catalog::Selection selection;
  selection.profiles = chosen.profiles;
  auto planned = catalog::make_plan(catalog, selection, probes::schemas());
  REQUIRE(planned.plan);
  const auto results = audit::run(catalog, std::move(*planned.plan), sources, options);

  CHECK(counting.walks() == 1);
  for (const auto& [path, times] : counting.reads()) {
    CAPTURE(path);
    CHECK(times == 1);
  }
  CHECK(counting.reads().size() > 20);
  for (const auto& check : results.checks) {
    CAPTURE(check.id);
    CHECK_FALSE(check.reason.empty());
    CHECK_FALSE(check.evidence.empty());
  }
}
