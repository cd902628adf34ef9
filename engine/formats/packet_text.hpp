// Rules of a packet filter in words, for those that the kernel holds without any.
#pragma once

#include <string>

#include "engine/formats/packet_filter.hpp"

namespace plimsoll::formats {

/// Much as nft(8) writes it: "iifname lo accept". At most 20 values of a condition; what is not understood is "(another
/// condition)".
[[nodiscard]] std::string text_of(const PacketRule& rule);

}  // namespace plimsoll::formats
