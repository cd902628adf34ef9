// Rules in nft's language, which include files, and what is asked of them.
#include "engine/formats/nftables.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto include = [](std::string_view pattern) -> Result<std::vector<NftablesFile>> {
    return std::vector<NftablesFile>{{std::string(pattern), "tcp dport 22 accept\n"}};
  };
  const auto filter = parse_nftables({"/f", std::string(text)}, include);
  if (!filter) return;
  const PacketJudge judge(*filter);
  const auto fate = judge.fate({.in_interface = "lo", .destination_port = 22});
  require(fate.accepted || fate.dropped);
  (void)judge.interfaces(IpFamily::ipv6, PacketHook::input);
  (void)judge.ports(IpFamily::ipv4, PacketHook::input);
}
