// The kernel's tables of sockets: /proc/net/tcp, tcp6, udp, udp6 (proc_pid_net(5)).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/packet_filter.hpp"

namespace plimsoll::formats {

enum class Transport : std::uint8_t { tcp, udp };

struct SocketLine {
  IpFamily family = IpFamily::ipv4;
  PacketNumber address = {};
  std::uint16_t port = 0;
  std::uint16_t remote_port = 0;
  std::uint8_t state = 0;  ///< TCP_…: 1 established, 7 close (of UDP: not connected), 10 listen
  std::uint32_t uid = 0;
  std::uint64_t inode = 0;
  std::optional<bool> ipv6_only = {};  ///< of IPv6: whether it takes no packets of IPv4; empty: not told
};

/// Errors: malformed, for a line that is none of such a table.
[[nodiscard]] Result<std::vector<SocketLine>> parse_socket_table(std::string_view text, IpFamily family);

/// "0.0.0.0", "127.0.0.1", "::", "fe80::1".
[[nodiscard]] std::string address_text(PacketNumber address, IpFamily family);

}  // namespace plimsoll::formats
