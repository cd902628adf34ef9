// A table of iptables-legacy: the first byte tells its family and hooks, then come the offsets of its chains.
#include "engine/formats/iptables_table.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>
#include <cstring>

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(bytes) {
  IptablesTable table{.family = IpFamily::ipv4, .name = "filter"};
  constexpr std::size_t offsets = sizeof table.hook_entry;
  if (bytes.size() < 1 + 2 * offsets) return;
  if ((static_cast<unsigned char>(bytes[0]) & 0x80U) != 0) table.family = IpFamily::ipv6;
  table.valid_hooks = static_cast<unsigned char>(bytes[0]) & 0x1fU;
  std::memcpy(table.hook_entry.data(), bytes.data() + 1, offsets);
  std::memcpy(table.underflow.data(), bytes.data() + 1 + offsets, offsets);
  table.entries = bytes.substr(1 + 2 * offsets);
  auto chains = decode_iptables_table(table);
  if (!chains) return;
  PacketFilter filter;
  filter.chains = std::move(*chains);
  const PacketJudge judge(filter);
  const auto fate = judge.fate({.family = table.family, .in_interface = "lo", .destination_port = 22});
  require(fate.accepted || fate.dropped);
}
