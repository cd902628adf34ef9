#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <iostream>
#include <optional>

#include "engine/sources/descriptor.hpp"
#include "engine/sources/socket_diag_netlink.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;
using formats::IpFamily;
using formats::Transport;

namespace {

struct Opened {
  sources::Descriptor descriptor;
  std::uint16_t port = 0;
};

/// A socket of this test on a port that the kernel chooses; TCP listens. Port 0: this machine does not let us.
Opened open_ipv6(int type, bool ipv6_only) {
  Opened made{sources::Descriptor(::socket(AF_INET6, type | SOCK_CLOEXEC, 0))};
  const int number = made.descriptor.number();
  const int only = ipv6_only ? 1 : 0;
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  socklen_t size = sizeof address;
  auto* place = reinterpret_cast<sockaddr*>(&address);
  const bool bound = ::setsockopt(number, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) == 0 &&
                     ::bind(number, place, size) == 0 && (type != SOCK_STREAM || ::listen(number, 1) == 0) &&
                     ::getsockname(number, place, &size) == 0;
  if (bound) made.port = ntohs(address.sin6_port);
  return made;
}

}  // namespace

TEST_CASE("the kernel tells the sockets that wait, and whether those of IPv6 take IPv4", "[sources]") {
  struct Case {
    const char* what;
    Transport transport;
    int type;
    bool ipv6_only;
  };
  const auto c = GENERATE(values<Case>({
      {"TCP", Transport::tcp, SOCK_STREAM, false},
      {"TCP of IPv6 alone", Transport::tcp, SOCK_STREAM, true},
      {"UDP", Transport::udp, SOCK_DGRAM, false},
      {"UDP of IPv6 alone", Transport::udp, SOCK_DGRAM, true},
  }));
  CAPTURE(c.what);
  const auto mine = open_ipv6(c.type, c.ipv6_only);
  const auto sockets = sources::SocketDiagNetlink().waiting(c.transport);
  if (mine.port == 0 || !sockets) {
    std::cout << "skipped: " << c.what << " (" << (sockets ? "no IPv6 here" : sockets.error().what) << ")\n";
    return;
  }
  std::optional<formats::SocketLine> found;
  for (const auto& socket : *sockets) {
    CHECK(socket.state == (c.transport == Transport::tcp ? 10 : 7));
    if (socket.port == mine.port && socket.family == IpFamily::ipv6) found = socket;
  }
  REQUIRE(found);
  CHECK(found->address == formats::PacketNumber{});
  REQUIRE(found->ipv6_only.has_value());
  CHECK(*found->ipv6_only == c.ipv6_only);
}
