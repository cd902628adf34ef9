// The packet filters of the audited host, each read once per run: what the kernel holds, and what the tools would load
// at the next boot.
#pragma once

#include <array>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/formats/packet_filter.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

enum class FilterOrigin : unsigned char { kernel, nftables, iptables, ufw };

/// "kernel", "nftables", "iptables", "ufw", as arguments of probes write them.
inline constexpr std::array<std::string_view, 4> filter_origins = {"kernel", "nftables", "iptables", "ufw"};

[[nodiscard]] FilterOrigin filter_origin_named(std::string_view name);

/// Files that are not there hold no rules. Errors: unobservable where the kernel is not that of the audited host;
/// unsupported where part of the rules is not understood; what reading a file or asking the kernel fails with.
[[nodiscard]] const Result<formats::PacketFilter>& packet_filter_of(const sources::Sources& sources,
                                                                    FilterOrigin origin);

/// What a person would look at: "nf_tables (netlink)", "/etc/nftables.conf".
[[nodiscard]] std::string_view place_of(FilterOrigin origin);

}  // namespace plimsoll::probes
