#include "engine/probes/packet_filters.hpp"

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/core/text.hpp"
#include "engine/formats/iptables_save.hpp"
#include "engine/formats/nftables.hpp"
#include "engine/probes/network_namespace.hpp"
#include "engine/probes/path_glob.hpp"
#include "engine/probes/ufw_rules.hpp"
#include "engine/probes/unit_files.hpp"

namespace plimsoll::probes {
namespace {

using formats::IpFamily;
using formats::PacketFilter;

using Loaded = Result<PacketFilter>;

Loaded understood(Loaded filter) {
  if (!filter || filter->doubts.empty()) return filter;
  return std::unexpected(Error{Error::Kind::unsupported, filter->doubts.front()});
}

/// The tables that iptables-legacy has in the kernel for a family; it keeps them apart from nf_tables.
Result<std::vector<std::string>> legacy_tables(const sources::Root& root, IpFamily family) {
  const auto* name = family == IpFamily::ipv4 ? "ip_tables_names" : "ip6_tables_names";
  auto text = root.read(fmt::format("/proc/1/net/{}", name), sources::max_proc_bytes);
  if (!text) {
    // What may not be read at the first place is not known to be missing because the second is.
    auto own = root.read(fmt::format("/proc/net/{}", name), sources::max_proc_bytes);
    if (own || text.error().kind == Error::Kind::not_found) text = std::move(own);
  }
  std::vector<std::string> tables;
  if (!text && text.error().kind == Error::Kind::not_found) return tables;  // the module is not loaded
  if (!text) return std::unexpected(text.error());
  for (std::string_view rest = *text; !rest.empty();) {
    if (const auto line = trimmed(take_line(rest)); !line.empty()) tables.emplace_back(line);
  }
  return tables;
}

/// Adds what iptables-legacy holds. A packet has to pass both kinds of tables.
Result<void> add_legacy(const sources::Sources& sources, PacketFilter& filter) {
  for (const auto family : {IpFamily::ipv4, IpFamily::ipv6}) {
    const auto tables = legacy_tables(sources.root, family);
    if (!tables) return std::unexpected(tables.error());
    for (const auto& name : *tables) {
      auto chains = sources.netfilter->legacy_chains(family, name);
      if (!chains) return std::unexpected(chains.error());
      // nf_tables may hold a table of the same name, whose chains are others.
      const auto told = fmt::format("{} (iptables-legacy)", name);
      filter.tables.push_back({.family = family == IpFamily::ipv4 ? "ip" : "ip6", .name = told});
      for (auto& chain : *chains) {
        chain.table = told;
        chain.source = fmt::format("{} of {} (getsockopt)", told, name_of(family));
        for (auto& rule : chain.rules) rule.source = chain.source;
        filter.chains.push_back(std::move(chain));
      }
    }
  }
  return {};
}

Loaded kernel_rules(const sources::Sources& sources) {
  if (sources.netfilter == nullptr || !sources.root.live()) {
    return std::unexpected(sources::kernel_not_visible("nf_tables (netlink)"));
  }
  if (in_host_network(sources.root) == false) {
    return std::unexpected(Error{Error::Kind::unobservable,
                                 "the rules of the host's network cannot be asked for from another network name space",
                                 "run it in the network name space of the host's first process"});
  }
  auto filter = sources.netfilter->rules();
  if (!filter) return filter;
  if (const auto added = add_legacy(sources, *filter); !added) return std::unexpected(added.error());
  return understood(std::move(filter));
}

/// The file that nftables.service loads: `ExecStart=/usr/sbin/nft -f /etc/nftables.conf`.
Result<std::string> nftables_file(const sources::Sources& sources) {
  const auto& units = unit_files_of(sources);
  std::string path;
  if (units.error() == nullptr) {
    const auto unit = units.load("nftables.service");
    if (!unit) return std::unexpected(unit.error());
    for (const auto& assignment : unit->assignments) {
      if (assignment.section != "Service" || assignment.key != "ExecStart") continue;
      const std::string_view line = assignment.value;
      const auto flag = line.find("-f ");
      if (flag == std::string_view::npos) continue;
      auto name = line.substr(flag + 3);
      name = name.substr(0, name.find_first_of(" ;\""));
      if (name.starts_with('/')) path = name;
    }
  }
  if (!path.empty()) return path;
  const auto red_hat = sources.root.status("/etc/sysconfig/nftables.conf");
  return std::string(red_hat ? "/etc/sysconfig/nftables.conf" : "/etc/nftables.conf");
}

Loaded nftables_rules(const sources::Sources& sources) {
  const auto& root = sources.root;
  const auto path = nftables_file(sources);
  if (!path) return std::unexpected(path.error());
  auto text = root.read(*path, sources::max_config_bytes);
  if (!text && text.error().kind == Error::Kind::not_found) return PacketFilter{};
  if (!text) return std::unexpected(text.error());
  const auto include = [&root](std::string_view pattern) -> Result<std::vector<formats::NftablesFile>> {
    // Names without a directory of their own are looked for below /etc (nft --includepath).
    std::string absolute(pattern);
    if (!absolute.starts_with('/')) absolute = "/etc/" + absolute;
    const auto paths = glob_paths(root, absolute);
    if (!paths) return std::unexpected(paths.error());
    const bool wild = pattern.find_first_of("*?[") != std::string_view::npos;
    if (paths->empty() && !wild) {
      return std::unexpected(Error{Error::Kind::malformed, fmt::format("{} is included, but is not there", absolute)});
    }
    std::vector<formats::NftablesFile> files;
    for (const auto& found : *paths) {
      auto content = root.read(found, sources::max_config_bytes);
      if (!content) return std::unexpected(content.error());
      files.push_back({found, std::move(*content)});
    }
    return files;
  };
  return understood(formats::parse_nftables({*path, std::move(*text)}, include));
}

Loaded iptables_rules(const sources::Sources& sources) {
  PacketFilter filter;
  struct Saved {
    IpFamily family;
    std::array<const char*, 2> paths;  ///< of Debian, of Red Hat
  };
  for (const auto& saved : {Saved{IpFamily::ipv4, {"/etc/iptables/rules.v4", "/etc/sysconfig/iptables"}},
                            Saved{IpFamily::ipv6, {"/etc/iptables/rules.v6", "/etc/sysconfig/ip6tables"}}}) {
    for (const auto* path : saved.paths) {
      auto text = sources.root.read(path, sources::max_config_bytes);
      if (!text && text.error().kind == Error::Kind::not_found) continue;
      if (!text) return std::unexpected(text.error());
      const std::vector<formats::IptablesFile> files{{path, std::move(*text)}};
      if (const auto read = formats::parse_iptables_save(files, saved.family, filter); !read)
        return std::unexpected(read.error());
      break;
    }
  }
  return understood(std::move(filter));
}

template <FilterOrigin Origin>
struct Kept {
  Loaded filter;
};

template <FilterOrigin Origin>
const Loaded& kept(const sources::Sources& sources, Loaded (*load)(const sources::Sources&)) {
  return sources.memo.get<Kept<Origin>>([&] { return Kept<Origin>{load(sources)}; }).filter;
}

Loaded rules_of_ufw(const sources::Sources& sources) {
  return understood(ufw_rules(sources.root));
}

}  // namespace

FilterOrigin filter_origin_named(std::string_view name) {
  std::size_t index = 0;
  while (index + 1 < filter_origins.size() && filter_origins[index] != name) ++index;
  return static_cast<FilterOrigin>(index);
}

const Result<PacketFilter>& packet_filter_of(const sources::Sources& sources, FilterOrigin origin) {
  switch (origin) {
    case FilterOrigin::kernel:
      break;
    case FilterOrigin::nftables:
      return kept<FilterOrigin::nftables>(sources, nftables_rules);
    case FilterOrigin::iptables:
      return kept<FilterOrigin::iptables>(sources, iptables_rules);
    case FilterOrigin::ufw:
      return kept<FilterOrigin::ufw>(sources, rules_of_ufw);
  }
  return kept<FilterOrigin::kernel>(sources, kernel_rules);
}

std::string_view place_of(FilterOrigin origin) {
  switch (origin) {
    case FilterOrigin::kernel:
      break;
    case FilterOrigin::nftables:
      return "/etc/nftables.conf";
    case FilterOrigin::iptables:
      return "/etc/iptables";
    case FilterOrigin::ufw:
      return "/etc/ufw";
  }
  return "nf_tables (netlink)";
}

}  // namespace plimsoll::probes
