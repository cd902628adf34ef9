// The rules of the packet filter that the running kernel holds.
#pragma once

#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/packet_filter.hpp"

namespace plimsoll::sources {

class Netfilter {
 public:
  Netfilter() = default;
  Netfilter(const Netfilter&) = delete;
  Netfilter& operator=(const Netfilter&) = delete;
  virtual ~Netfilter() = default;

  /// What nf_tables holds in the network name space of this process: the rules of nft, and those of iptables where it
  /// works through nf_tables. Errors: denied without CAP_NET_ADMIN; failed; malformed, for an answer that is not
  /// understood.
  [[nodiscard]] virtual Result<formats::PacketFilter> rules() const = 0;

  /// The chains of a table of iptables-legacy, which the kernel keeps apart from nf_tables. Only for tables that
  /// /proc/net/ip_tables_names (for IPv6: ip6_tables_names) lists: asking for another would make the kernel load it.
  /// Errors: denied without CAP_NET_ADMIN; failed; too_large; malformed.
  [[nodiscard]] virtual Result<std::vector<formats::PacketChain>> legacy_chains(formats::IpFamily family,
                                                                                const std::string& table) const = 0;
};

}  // namespace plimsoll::sources
