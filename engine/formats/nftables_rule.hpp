// One rule of nft(8)'s language.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/formats/nftables_tokens.hpp"
#include "engine/formats/packet_filter.hpp"

namespace plimsoll::formats {

/// The elements of a named set or map, without braces; null when there is none, or its elements change by themselves.
using NftablesSets = std::function<const std::vector<NftablesToken>*(std::string_view name)>;

/// The rule that the words stand for; several where a verdict map says what becomes of whom. Never empty: what is not
/// understood is a condition of kind unknown.
[[nodiscard]] std::vector<PacketRule> parse_nftables_rule(std::span<const NftablesToken> words,
                                                          const NftablesSets& sets);

}  // namespace plimsoll::formats
