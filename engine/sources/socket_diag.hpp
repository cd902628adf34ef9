// The sockets on which a machine waits for others.
#pragma once

#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/socket_table.hpp"

namespace plimsoll::sources {

class SocketDiag {
 public:
  SocketDiag() = default;
  SocketDiag(const SocketDiag&) = delete;
  SocketDiag& operator=(const SocketDiag&) = delete;
  virtual ~SocketDiag() = default;

  /// The TCP sockets that listen, or the UDP sockets that are connected to nobody, of IPv4 and IPv6, in the network
  /// name space of this process. Errors: failed, also where the kernel has no such interface; malformed, for an answer
  /// that is not understood; denied; too_large.
  [[nodiscard]] virtual Result<std::vector<formats::SocketLine>> waiting(formats::Transport transport) const = 0;
};

}  // namespace plimsoll::sources
