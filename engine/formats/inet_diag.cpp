#include "engine/formats/inet_diag.hpp"

#include <cstring>
#include <string_view>

#include "engine/formats/nftables_attributes.hpp"

namespace plimsoll::formats {
namespace {

// struct inet_diag_msg: what it is about stands at these places. Ports and addresses are in network order.
constexpr std::size_t message_bytes = 72;
constexpr std::size_t family_at = 0;
constexpr std::size_t state_at = 1;
constexpr std::size_t port_at = 4;
constexpr std::size_t remote_port_at = 6;
constexpr std::size_t address_at = 8;
constexpr std::size_t uid_at = 64;
constexpr std::size_t inode_at = 68;

constexpr std::uint8_t of_ipv4 = 2;           // AF_INET
constexpr std::uint8_t of_ipv6 = 10;          // AF_INET6
constexpr std::uint16_t ipv6_only_type = 11;  // INET_DIAG_SKV6ONLY

std::uint64_t network_order(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
  return value;
}

std::uint32_t own_order(std::string_view bytes) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

}  // namespace

Result<std::vector<SocketLine>> parse_inet_diag(std::span<const std::string> messages) {
  std::vector<SocketLine> sockets;
  for (const std::string_view message : messages) {
    const auto cut_short = [] {
      return std::unexpected(Error{Error::Kind::malformed, "the kernel's list of sockets is cut short"});
    };
    if (message.size() < message_bytes) return cut_short();
    const auto family = static_cast<std::uint8_t>(message[family_at]);
    if (family != of_ipv4 && family != of_ipv6) continue;
    const NetlinkAttributes attributes(message.substr(message_bytes));
    if (!attributes.whole()) return cut_short();
    SocketLine socket;
    socket.family = family == of_ipv4 ? IpFamily::ipv4 : IpFamily::ipv6;
    socket.state = static_cast<std::uint8_t>(message[state_at]);
    socket.port = static_cast<std::uint16_t>(network_order(message.substr(port_at, 2)));
    socket.remote_port = static_cast<std::uint16_t>(network_order(message.substr(remote_port_at, 2)));
    if (family == of_ipv4) {
      socket.address.low = network_order(message.substr(address_at, 4));
    } else {
      socket.address = {network_order(message.substr(address_at, 8)), network_order(message.substr(address_at + 8, 8))};
      const auto only = attributes.bytes(ipv6_only_type);
      if (only && only->size() == 1) socket.ipv6_only = only->front() != 0;
    }
    socket.uid = own_order(message.substr(uid_at, 4));
    socket.inode = own_order(message.substr(inode_at, 4));
    sockets.push_back(socket);
  }
  return sockets;
}

}  // namespace plimsoll::formats
