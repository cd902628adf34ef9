// The packet filter of this machine, asked over netlink.
#pragma once

#include "engine/sources/netfilter.hpp"

namespace plimsoll::sources {

/// Only dumps are asked for; nothing is ever changed. A rule set that changes while it is read is read again.
class NetfilterNetlink final : public Netfilter {
 public:
  [[nodiscard]] Result<formats::PacketFilter> rules() const override;
  [[nodiscard]] Result<std::vector<formats::PacketChain>> legacy_chains(formats::IpFamily family,
                                                                        const std::string& table) const override;
};

}  // namespace plimsoll::sources
