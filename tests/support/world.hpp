// Small worlds, written in YAML, for scenarios and probe tests.
//
//   files:                        # path → content, or a map, or null (removes what the given world has there)
//     /etc/passwd: "root:x:0:0::/root:/bin/sh\n"
//     /etc/shadow: { mode: "0640", owner: 0, group: 42, content: "root:*:19000::::::\n" }
//     /etc/motd:   { target: /run/motd }                   # a link
//     /dev/log:    { type: socket }                        # file directory link fifo socket character_device
//     block_device /etc/x:      { error: denied }                       # denied failed timed_out too_large vanishes
//     /etc/y:      { size: 10737418240, modified: "2026-01-02T03:04:05Z", attributes: { user.a: text, user.b: "0x00ff"
//     } }
//     /etc/dconf/db/gdm: { dconf: { settings: { /org/gnome/x: "uint32 5" }, locks: [/org/gnome/x] } }   # compiled
//     /usr/share/glib-2.0/schemas/gschemas.compiled: { schemas: { org.gnome.x: { key: "uint32 5" } } }   # compiled
//     /var/z.gz: { content: "x", repeated: 1000, packed: gzip }       # xz, zstd or lz4 too
//   rpm_packages: [bash-5.1.8-9.el9.x86_64]              # what the rpm database holds
//   packages: [openssh-server]    # or name → "hold ok installed", or { version, status, architecture }, or null
//   live: false                   # a root that is not running (default true)
//   as_root: true                 # mode "0000" stops nobody (default false: such a file is denied)
//   left_out: [{ path: /mnt/nfs, why: "nfs4: network file system", by_design: true }]
//   netfilter: "table inet …"     # the kernel's rules, as `nft list ruleset` prints them; or { error: denied }
//   iptables_legacy: "*filter…"   # what the kernel holds of iptables-legacy, as iptables-save prints it; also
//                                 # ip6tables_legacy. /proc/1/net/ip_tables_names lists its tables
//   sockets: ["tcp 0.0.0.0:22", "tcp [::]:80 ipv6only", "udp [::]:53 user 105"]
//                                 # where the host waits, as sock_diag tells it; none: the tables in /proc do
//   audit: { enabled: 1, failure: 1, backlog_limit: 8192, daemon: 700, rules: "-w /etc/passwd -p wa\n" }
//                                 # what the kernel's audit system tells, rules as auditctl takes them; { error: denied
//                                 }
//   now: "2026-01-15T12:00:00Z"   # also the default
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/rpm_header.hpp"
#include "engine/formats/yaml.hpp"
#include "engine/sources/audit_netlink.hpp"
#include "tests/support/fake_root.hpp"

namespace plimsoll::tests {

struct FakePackage {
  std::string status = "install ok installed";
  std::string version = "1.0-1";
  std::string architecture = "amd64";
};

/// What the kernel's audit system tells (kernel_audit_of() in audit_rule_bytes.hpp makes its answers).
struct FakeAudit {
  bool denied = false;
  sources::AuditStatus status = {.enabled = 1, .failure = 1, .daemon = 700, .backlog_limit = 8192};
  std::string rules;
};

/// A description that can still be merged with another one. An empty optional in a map says: remove it.
struct World {
  std::map<std::string, std::optional<FakeFile>> files;
  std::optional<std::map<std::string, std::optional<FakePackage>>> packages;
  std::optional<std::vector<formats::RpmPackage>> rpm_packages;
  std::optional<bool> live;
  std::optional<bool> as_root;
  std::optional<std::vector<sources::LeftOut>> left_out;
  std::optional<FakeAudit> audit;
  std::optional<std::int64_t> now_ms;
  std::optional<std::string> netfilter;
  std::optional<bool> netfilter_denied;
  std::optional<std::string> iptables_legacy;
  std::optional<std::string> ip6tables_legacy;
  std::optional<std::vector<FakeSocket>> sockets;
};

/// The world that a YAML map describes. Keys in `others` belong to somebody else and are passed over.
/// Errors: malformed, with line and column, for an unknown or repeated key or a value that does not fit it.
[[nodiscard]] Result<World> parse_world(const formats::YamlNode& node, std::span<const std::string_view> others = {});

/// From YAML text, for tests written in C++. Throws std::runtime_error with the error's text.
[[nodiscard]] World world_of(std::string_view yaml);

/// `world` on top of `given`: its entry for a path, a package or a key replaces that of the given world. What it
/// removes is gone with everything below.
[[nodiscard]] World merged(World given, const World& world);

/// The tree, with /var/lib/dpkg/status and /var/lib/rpm/rpmdb.sqlite written from the packages where the files do not
/// hold one.
/// With sockets, the tree's /proc shows that this process is in the network name space of the first one.
[[nodiscard]] FakeTree tree_of(const World& world);

[[nodiscard]] std::int64_t now_ms_of(const World& world);

}  // namespace plimsoll::tests
