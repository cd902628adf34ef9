// What the kernel answers when it is asked for its rules over netlink (linux/netfilter/nf_tables.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/packet_filter.hpp"

namespace plimsoll::formats {

/// Messages without their netlink header: each begins with struct nfgenmsg.
struct NftablesMessages {
  std::vector<std::string> tables, chains, rules, sets, elements;
};

struct NftablesSetName {
  std::uint8_t family = 0;  ///< NFPROTO_…
  std::string table;
  std::string name;
};

/// The sets whose elements rules of ip, ip6 and inet tables ask for.
[[nodiscard]] std::vector<NftablesSetName> sets_to_ask_for(const NftablesMessages& messages);

/// The rule set. Expressions that are not understood become conditions that nobody can judge.
/// Errors: malformed, for attributes that do not fit their message.
[[nodiscard]] Result<PacketFilter> decode_nftables(const NftablesMessages& messages);

}  // namespace plimsoll::formats
