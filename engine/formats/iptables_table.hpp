// A table of iptables-legacy as the kernel gives it: struct ipt_entry and ip6t_entry, one behind the other
// (linux/netfilter_ipv4/ip_tables.h, linux/netfilter_ipv6/ip6_tables.h).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/packet_filter.hpp"

namespace plimsoll::formats {

/// What IPT_SO_GET_INFO and IPT_SO_GET_ENTRIES answer.
struct IptablesTable {
  IpFamily family = IpFamily::ipv4;
  std::string name;                           ///< "filter"
  std::uint32_t valid_hooks = 0;              ///< bits by NF_INET_…: prerouting, input, forward, output, postrouting
  std::array<std::uint32_t, 5> hook_entry{};  ///< where a built-in chain begins; offsets into `entries`
  std::array<std::uint32_t, 5> underflow{};   ///< where its policy stands
  std::string entries = {};
};

/// The chains of the table, built-in ones first named as iptables names them ("INPUT"). Matches that are not understood
/// become conditions that nobody can judge. Errors: malformed, for entries that do not fit the table.
[[nodiscard]] Result<std::vector<PacketChain>> decode_iptables_table(const IptablesTable& table);

}  // namespace plimsoll::formats
