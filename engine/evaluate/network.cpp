#include "engine/evaluate/network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

#include "engine/core/value.hpp"

namespace plimsoll::evaluate {

std::optional<Network> parse_network(std::string_view text) {
  Network network;
  std::optional<std::int64_t> prefix;
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    prefix = parse_integer(text.substr(slash + 1));
    if (!prefix || *prefix < 0) return std::nullopt;
    text = text.substr(0, slash);
  }
  const std::string address(text.substr(0, text.find('%')));
  if (std::array<std::uint8_t, 4> four{}; inet_pton(AF_INET, address.c_str(), four.data()) == 1) {
    network.bits[10] = network.bits[11] = 0xFF;
    std::copy(four.begin(), four.end(), network.bits.begin() + 12);
    if (prefix && *prefix > 32) return std::nullopt;
    network.prefix = 96 + static_cast<unsigned>(prefix.value_or(32));
    return network;
  }
  if (inet_pton(AF_INET6, address.c_str(), network.bits.data()) != 1) return std::nullopt;
  if (prefix && *prefix > 128) return std::nullopt;
  network.prefix = static_cast<unsigned>(prefix.value_or(128));
  return network;
}

bool within(const Network& inner, const Network& outer) {
  if (inner.prefix < outer.prefix) return false;
  for (unsigned bit = 0; bit < outer.prefix; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    if (((inner.bits[bit / 8] ^ outer.bits[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

}  // namespace plimsoll::evaluate
