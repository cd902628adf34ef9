// The kernel's tables of sockets, and addresses as people write them.
#include "engine/formats/socket_table.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  for (const auto family : {IpFamily::ipv4, IpFamily::ipv6}) {
    (void)parse_socket_table(text, family);
    const auto range = parse_packet_addresses(text, family);
    if (!range) continue;
    require(range->first <= range->last);
    const auto again = parse_packet_addresses(address_text(range->first, family), family);
    require(again && again->first == range->first);
  }
  (void)parse_packet_ports(text);
}
