#include "engine/probes/sysctl.hpp"

#include <fmt/core.h>

#include <array>
#include <optional>
#include <utility>

#include "engine/formats/sysctl_d.hpp"
#include "engine/probes/sysctl_at_boot.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t { runtime, at_boot };

constexpr std::array<ArgumentSchema, 1> arguments = {{
    {.name = "name",
     .type = ValueType::text,
     .meaning = "The setting, with dots or slashes (net.ipv4.ip_forward; net/ipv4/conf/eth0.100/rp_filter for an "
                "interface with a dot). No wildcards."},
}};

constexpr std::array<FieldSchema, 2> fields = {{
    {.name = "runtime",
     .type = ValueType::scalar,
     .meaning =
         "The value now, several numbers parted by one space; absent when the running kernel has no such setting "
         "(its module is not loaded, or IPv6 is off)."},
    {.name = "at_boot",
     .type = ValueType::scalar,
     .meaning =
         "The value that the next boot leaves: from sysctl.d as systemd-sysctl (or, without systemd, procps) reads "
         "it, overridden by an enabled ufw, or else from the kernel command line; absent when nothing sets it, so "
         "that the kernel's default stays."},
}};

constexpr std::array<std::string_view, 9> read_from = {"/proc/sys",
                                                       "/etc/sysctl.d/*.conf",
                                                       "/run/sysctl.d/*.conf",
                                                       "/usr/local/lib/sysctl.d/*.conf",
                                                       "/usr/lib/sysctl.d/*.conf",
                                                       "/etc/sysctl.conf",
                                                       "/etc/ufw/ufw.conf",
                                                       "/etc/default/ufw",
                                                       "/boot/grub/grub.cfg"};

constexpr ProbeSchema schema = {
    .name = "sysctl",
    .summary =
        "One kernel setting: the value in force, and the value that the configuration leaves after the next boot.",
    .cardinality = Cardinality::exactly_one,
    .arguments = arguments,
    .fields = fields,
    .presence = {},
    .sources = read_from,
};

/// Some settings are per namespace and show the values of whoever reads them. Under a root that is not ours (a host
/// mounted into a pod) the reader's namespace must be that of the host's first process.
class Namespaces {
 public:
  explicit Namespaces(const sources::Root& root) : root_(root) {}

  /// Why a key cannot be read for the audited host; empty when it can.
  const std::optional<Error>& obstacle(const std::string& key) {
    static const std::optional<Error> none;
    for (auto& one : kinds_) {
      for (const auto prefix : one.prefixes) {
        if (prefix.empty() || !key.starts_with(prefix)) continue;
        if (!one.looked) look(one);
        return one.why;
      }
    }
    return none;
  }

 private:
  struct Kind {
    const char* name;
    std::array<std::string_view, 6> prefixes;
    bool looked = false;
    std::optional<Error> why = {};
  };

  void look(Kind& kind) {
    kind.looked = true;
    const auto own = root_.read_link(fmt::format("/proc/self/ns/{}", kind.name));
    const auto first = root_.read_link(fmt::format("/proc/1/ns/{}", kind.name));
    if (own && first) {
      if (*own != *first) {
        kind.why = Error{
            Error::Kind::unobservable,
            fmt::format("it belongs to a {} namespace, and plimsoll runs in another one than the host", kind.name),
            "run plimsoll in the host's namespaces (hostNetwork, hostIPC, hostPID)"};
      }
      return;
    }
    // Without privilege the link of process 1 is refused. On a live root our namespaces are the ones being audited.
    const auto refused = [](const auto& link) { return !link && link.error().kind != Error::Kind::not_found; };
    if (!root_.live() && (refused(own) || refused(first))) {
      kind.why =
          Error{Error::Kind::unobservable,
                fmt::format("it belongs to a {} namespace, and whether that is the host's cannot be seen", kind.name),
                "run as root, or grant CAP_SYS_PTRACE"};
    }
  }

  const sources::Root& root_;
  std::array<Kind, 3> kinds_ = {{
      {.name = "net", .prefixes = {"net/"}},
      {.name = "ipc", .prefixes = {"kernel/shm", "kernel/msg", "kernel/sem", "fs/mqueue/"}},
      {.name = "uts", .prefixes = {"kernel/hostname", "kernel/domainname"}},
  }};
};

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const bool visible = sources::kernel_visible(sources.root);
  const auto configured = SysctlAtBoot::read(sources);
  Namespaces namespaces(sources.root);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const std::string& name = requests[index].fact->text(0);
    const std::string key = formats::sysctl_key(name);
    const std::string path = "/proc/sys/" + key;
    Record record(fields.size());
    record.resource = name;
    record.source = path;
    if (!visible) {
      record.set_unreadable(runtime, sources::kernel_not_visible(path), path);
    } else if (const auto& why = namespaces.obstacle(key)) {
      record.set_unreadable(runtime, *why, path);
    } else if (auto text = sources.root.read(path, sources::max_proc_bytes)) {
      record.set(runtime, formats::single_spaced(*text), path);
    } else if (text.error().kind == Error::Kind::not_found) {
      record.set_absent(runtime, path);
    } else {
      record.set_unreadable(runtime, text.error(), path);
    }
    record.fields[at_boot] = configured.of(key);
    sink.add(index, std::move(record));
  }
}

}  // namespace

const Probe sysctl_probe = {&schema, collect};

}  // namespace plimsoll::probes
