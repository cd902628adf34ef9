// Matches and targets of iptables as the kernel keeps them (linux/netfilter/x_tables.h, xt_tcpudp.h, xt_multiport.h,
// xt_conntrack.h), whether nf_tables holds them or a table of iptables-legacy.
#pragma once

#include <string_view>
#include <vector>

#include "engine/formats/packet_filter.hpp"

namespace plimsoll::formats {

/// Adds what the match asks of a packet. `info` is what follows struct xt_entry_match. A match that is not understood
/// becomes a condition that nobody can judge; one that asks nothing (`comment`) adds none.
void add_xtables_match(std::string_view name, std::string_view info, std::vector<PacketCondition>& conditions);

/// What the target of an extension does with a packet: drop, reject, accept (what translates addresses ends its table),
/// none when the packet goes on to the next rule (LOG, MARK, …), and queue when nobody can say.
[[nodiscard]] PacketVerdict verdict_of_xtables(std::string_view target);

}  // namespace plimsoll::formats
