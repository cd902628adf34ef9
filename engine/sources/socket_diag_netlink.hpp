// The sockets of this machine, asked over netlink (sock_diag(7)).
#pragma once

#include "engine/sources/socket_diag.hpp"

namespace plimsoll::sources {

/// The kernel looks at the sockets in the states that are asked for alone; /proc/net/tcp makes it look through the
/// table of all connections, which is large even when it is empty.
class SocketDiagNetlink final : public SocketDiag {
 public:
  [[nodiscard]] Result<std::vector<formats::SocketLine>> waiting(formats::Transport transport) const override;
};

}  // namespace plimsoll::sources
