// Saved rules of iptables.
#include "engine/formats/iptables_save.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  for (const auto family : {IpFamily::ipv4, IpFamily::ipv6}) {
    PacketFilter filter;
    const std::vector<IptablesFile> files{{"/r", std::string(text)}};
    if (!parse_iptables_save(files, family, filter)) continue;
    const PacketJudge judge(filter);
    const auto fate = judge.fate({.family = family, .in_interface = "lo", .destination_port = 22});
    require(fate.accepted || fate.dropped);
  }
}
