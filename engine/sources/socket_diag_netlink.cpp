#include "engine/sources/socket_diag_netlink.hpp"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "engine/formats/inet_diag.hpp"
#include "engine/sources/netlink_dump.hpp"
#include "engine/sources/system_error.hpp"

namespace plimsoll::sources {
namespace {

constexpr std::size_t max_sockets = 200'000;  // there are 65535 ports, but many addresses

Error failure(int number) {
  auto error = system_error(number, "cannot ask the kernel for its sockets");
  // A kernel without sock_diag says so in several ways; it is not that a thing is missing.
  if (error.kind == Error::Kind::not_found) error.kind = Error::Kind::failed;
  return error;
}

}  // namespace

Result<std::vector<formats::SocketLine>> SocketDiagNetlink::waiting(formats::Transport transport) const {
  const bool tcp = transport == formats::Transport::tcp;
  NetlinkDump kernel(NETLINK_SOCK_DIAG, failure);
  if (const auto opened = kernel.open(); !opened) return std::unexpected(opened.error());
  std::vector<formats::SocketLine> sockets;
  for (const int family : {AF_INET, AF_INET6}) {
    inet_diag_req_v2 request{};
    request.sdiag_family = static_cast<std::uint8_t>(family);
    request.sdiag_protocol = static_cast<std::uint8_t>(tcp ? IPPROTO_TCP : IPPROTO_UDP);
    request.idiag_states = 1U << static_cast<unsigned>(tcp ? TCP_LISTEN : TCP_CLOSE);
    bool changed = false;  // sockets come and go; what is told of each is true
    const auto messages = kernel.ask(SOCK_DIAG_BY_FAMILY, {reinterpret_cast<const char*>(&request), sizeof request},
                                     max_sockets, changed);
    if (!messages) return std::unexpected(messages.error());
    auto found = formats::parse_inet_diag(*messages);
    if (!found) return std::unexpected(found.error());
    sockets.insert(sockets.end(), found->begin(), found->end());
  }
  return sockets;
}

}  // namespace plimsoll::sources
