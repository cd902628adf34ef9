// The expressions of one rule as the kernel holds it, turned into conditions and a verdict.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/packet_filter.hpp"

namespace plimsoll::formats {

/// One element of a set or map, bytes as in a register.
struct NftablesElement {
  std::string first;
  std::string last;
  PacketVerdict verdict = PacketVerdict::none;  ///< of a verdict map
  std::string target = {};
};

/// The elements of a set; null when they are not known.
using NftablesElements = std::function<const std::vector<NftablesElement>*(std::string_view name)>;

/// The verdict that an attribute NFTA_DATA_VERDICT holds; false for one that is not known.
[[nodiscard]] bool decode_verdict(std::string_view bytes, PacketVerdict& verdict, std::string& target);

/// `list` is the content of NFTA_RULE_EXPRESSIONS.
[[nodiscard]] std::vector<PacketRule> decode_nftables_expressions(std::string_view list,
                                                                  const NftablesElements& elements);

}  // namespace plimsoll::formats
