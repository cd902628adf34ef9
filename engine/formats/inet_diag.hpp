// What the kernel answers when it is asked for sockets over netlink (sock_diag(7), linux/inet_diag.h).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/socket_table.hpp"

namespace plimsoll::formats {

/// In: messages without their netlink header: each begins with struct inet_diag_msg.
/// Out: the sockets of IPv4 and IPv6 in the kernel's order; others are passed over.
/// Errors: malformed, for a message that is cut short.
[[nodiscard]] Result<std::vector<SocketLine>> parse_inet_diag(std::span<const std::string> messages);

}  // namespace plimsoll::formats
