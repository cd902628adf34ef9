// Answers of the kernel about its sockets: pieces of the input, each behind its length, become messages.
#include "engine/formats/inet_diag.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(bytes) {
  std::vector<std::string> messages;
  while (bytes.size() > 1) {
    const auto length = static_cast<unsigned char>(bytes[0]);
    messages.emplace_back(bytes.substr(1, length));
    bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 1U + length));
  }
  const auto sockets = parse_inet_diag(messages);
  if (!sockets) return;
  require(sockets->size() <= messages.size());
  for (const auto& socket : *sockets) {
    require(socket.family == IpFamily::ipv6 || (socket.address.high == 0 && !socket.ipv6_only));
    const auto again = parse_packet_addresses(address_text(socket.address, socket.family), socket.family);
    require(again && again->first == socket.address);
  }
}
