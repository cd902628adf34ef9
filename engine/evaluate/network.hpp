// Addresses and networks, for `within_cidr`.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plimsoll::evaluate {

/// An address or network as 128 bits; IPv4 is mapped into ::ffff:0:0/96 so that both families compare alike.
struct Network {
  std::array<std::uint8_t, 16> bits{};
  unsigned prefix = 128;  ///< leading bits that count
};

/// "10.0.0.1", "10.0.0.0/8", "::1", "fe80::/10"; a zone ("%eth0") is ignored. Empty: not an address.
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);

/// Whether every address of `inner` lies in `outer`.
[[nodiscard]] bool within(const Network& inner, const Network& outer);

}  // namespace plimsoll::evaluate
