// The parser against what a kernel (6.18) answered about sockets that were made for it.
#include "engine/formats/inet_diag.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

constexpr std::string_view ipv4_loopback =
    "020a000009dd00007f00000100000000000000000000000000000000000000000000000000000000000000000a1000000000"
    "000000000000000000008000000000000000f18e0d00050008000000000008000f00000000000c0015000100000000000000"
    "0600160052000000";
constexpr std::string_view everywhere =
    "0a0a00001f9000000000000000000000000000000000000000000000000000000000000000000000000000000c1000000000"
    "000000000000000000008000000000000000f28e0d00050008000000000005000b000000000008000f00000000000c001500"
    "01000000000000000600160012000000";
constexpr std::string_view ipv6_everywhere =
    "0a0a000020fb00000000000000000000000000000000000000000000000000000000000000000000000000000e1000000000"
    "000000000000000000008000000000000000f38e0d00050008000000000005000b000100000008000f00000000000c001500"
    "01000000000000000600160012000000";
constexpr std::string_view ipv6_loopback =
    "0a0a000009dd00000000000000000000000000000000000100000000000000000000000000000000000000000f1000000000"
    "000000000000000000008000000000000000f48e0d00050008000000000005000b000100000008000f00000000000c001500"
    "01000000000000000600160012000000";
constexpr std::string_view of_user_1001 =
    "020a000009dd00007f0000010000000000000000000000000000000000000000000000000000000000000000111000000000"
    "0000000000000000000080000000e9030000ae3b0e0005000800000000000c00150001000000000000000600160052000000";
constexpr std::string_view udp_everywhere =
    "0a07000014e90000000000000000000000000000000000000000000000000000000000000000000000000000101000000000"
    "000000000000000000000000000000000000f78e0d00050008000000000005000b000000000008000f00000000000c001500"
    "01000000000000000600160010000000";

std::string bytes_of(std::string_view hexadecimal) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hexadecimal.size(); at += 2) {
    int value = 0;
    const auto* from = hexadecimal.data() + at;
    std::from_chars(from, from + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

Result<std::vector<SocketLine>> parsed(std::string bytes) {
  const std::vector<std::string> messages{std::move(bytes)};
  return parse_inet_diag(messages);
}

}  // namespace

TEST_CASE("a socket is read as the kernel tells it", "[formats]") {
  struct Case {
    const char* what;
    std::string_view message;
    IpFamily family;
    const char* address;
    unsigned port;
    unsigned state;
    std::uint32_t uid;
    std::uint64_t inode;
    std::optional<bool> ipv6_only;
  };
  const auto c = GENERATE(values<Case>({
      {"an IPv4 address", ipv4_loopback, IpFamily::ipv4, "127.0.0.1", 2525, 10, 0, 888561, {}},
      {"a user", of_user_1001, IpFamily::ipv4, "127.0.0.1", 2525, 10, 1001, 932782, {}},
      {"IPv6 that takes IPv4", everywhere, IpFamily::ipv6, "::", 8080, 10, 0, 888562, false},
      {"IPv6 alone", ipv6_everywhere, IpFamily::ipv6, "::", 8443, 10, 0, 888563, true},
      {"an IPv6 address", ipv6_loopback, IpFamily::ipv6, "::1", 2525, 10, 0, 888564, true},
      {"UDP", udp_everywhere, IpFamily::ipv6, "::", 5353, 7, 0, 888567, false},
  }));
  CAPTURE(c.what);
  const auto sockets = parsed(bytes_of(c.message));
  REQUIRE(sockets);
  REQUIRE(sockets->size() == 1);
  const auto& socket = sockets->front();
  CHECK(socket.family == c.family);
  CHECK(address_text(socket.address, socket.family) == c.address);
  CHECK(unsigned{socket.port} == c.port);
  CHECK(socket.remote_port == 0);
  CHECK(unsigned{socket.state} == c.state);
  CHECK(socket.uid == c.uid);
  CHECK(socket.inode == c.inode);
  CHECK(socket.ipv6_only == c.ipv6_only);
}

TEST_CASE("a kernel that does not tell whether IPv6 is alone leaves that open", "[formats]") {
  const auto sockets = parsed(bytes_of(everywhere).substr(0, 72));
  REQUIRE(sockets);
  CHECK_FALSE(sockets->front().ipv6_only.has_value());
}

TEST_CASE("a message that is cut short is no socket", "[formats]") {
  const auto whole = bytes_of(everywhere);
  const auto length = GENERATE(0U, 1U, 71U, 84U);
  CAPTURE(length);
  const auto sockets = parsed(whole.substr(0, length));
  REQUIRE_FALSE(sockets);
  CHECK(sockets.error().kind == Error::Kind::malformed);
}

TEST_CASE("sockets of other families are passed over", "[formats]") {
  auto other = bytes_of(everywhere);
  other[0] = 1;
  const std::vector<std::string> messages{other, bytes_of(ipv4_loopback)};
  const auto sockets = parse_inet_diag(messages);
  REQUIRE(sockets);
  REQUIRE(sockets->size() == 1);
  CHECK(sockets->front().port == 2525);
}
