// The sockets on which the audited host waits for packets from others.
#pragma once

#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/packet_filter.hpp"
#include "engine/formats/socket_table.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

struct WaitingSocket {
  /// An IPv4 address inside IPv6 (::ffff:127.0.0.1) stands as the IPv4 address that it is.
  formats::SocketLine socket;
  formats::Transport transport = formats::Transport::tcp;
  std::string source;  ///< what a person would look at: "/proc/1/net/tcp", "sock_diag (netlink)"

  /// Whether packets of that protocol reach it. One at :: takes those of IPv4 as well, unless the kernel says that it
  /// does not: a table in /proc does not tell, and for a firewall a port that is open by oversight is the worse
  /// mistake.
  [[nodiscard]] bool takes(formats::IpFamily family) const;
};

/// TCP sockets that listen, and UDP sockets that are connected to nobody, in the network name space of the host's first
/// process. The kernel is asked by netlink where that is the name space of this process and no module would have to be
/// loaded for the answer; else, and where it refuses, the tables in /proc are read.
/// Errors: unobservable where the kernel cannot be seen; what reading a table fails with.
[[nodiscard]] Result<std::vector<WaitingSocket>> waiting_sockets(const sources::Sources& sources);

}  // namespace plimsoll::probes
