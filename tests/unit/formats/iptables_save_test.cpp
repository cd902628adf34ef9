#include "engine/formats/iptables_save.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

Result<PacketFilter> parsed(std::string text, IpFamily family = IpFamily::ipv4) {
  PacketFilter filter;
  const std::vector<IptablesFile> files{{"/r", std::move(text)}};
  if (const auto read = parse_iptables_save(files, family, filter); !read) return std::unexpected(read.error());
  return filter;
}

}  // namespace

TEST_CASE("rules of iptables decide as iptables has them", "[formats]") {
  struct Case {
    const char* rule;
    const char* fate;
  };
  const auto c = GENERATE(values<Case>({
      {"-j ACCEPT", "accept"},
      {"-p tcp -m tcp --dport 22 -j ACCEPT", "accept"},
      {"-p tcp -m tcp ! --dport 22 -j ACCEPT", "drop"},
      {"-p tcp -m multiport --dports 20:21,22 -j ACCEPT", "accept"},
      {"-p udp --dport 22 -j ACCEPT", "drop"},
      {"-s 10.0.0.0/8 -j ACCEPT", "accept"},
      {"! -s 10.0.0.0/255.0.0.0 -j ACCEPT", "drop"},
      {"-i eth+ -j ACCEPT", "accept"},
      {"! -i lo -j ACCEPT", "accept"},
      {"-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "drop"},
      {"-m state --state NEW -j ACCEPT", "accept"},
      {"-p tcp --syn -j ACCEPT", "accept"},
      {"-m comment --comment \"a -j DROP\" -j ACCEPT", "accept"},
      {"-m limit --limit 3/min -j ACCEPT", "?"},
      {"-m set --match-set x src -j ACCEPT", "?"},
      {"-j LOG --log-prefix \"x \"", "drop"},
      {"-j REJECT --reject-with icmp-port-unreachable", "drop"},
      {"-m addrtype --dst-type LOCAL -j ACCEPT", "accept"},
      {"-m addrtype --dst-type MULTICAST -j ACCEPT", "drop"},
      {"-j mine", "accept"},
      {"-g mine", "accept"},
      {"-j gone", "?"},
      {"-p icmp -m icmp --icmp-type 8 -j ACCEPT", "drop"},
  }));
  CAPTURE(c.rule);
  const auto filter =
      parsed(std::string("*filter\n:INPUT DROP [0:0]\n:mine - [0:0]\n-A mine -j ACCEPT\n[1:2] -A INPUT ") + c.rule +
             "\nCOMMIT\n");
  REQUIRE(filter);
  const auto fate = PacketJudge(*filter).fate(
      {.in_interface = "eth0", .source = {0, 0x0a000001}, .destination = {0, 0xc0000201}, .destination_port = 22});
  CHECK((fate.accepted == fate.dropped ? "?" : fate.accepted ? "accept" : "drop") == std::string(c.fate));
}

TEST_CASE("iptables-restore loads a table whole or not at all", "[formats]") {
  CHECK_FALSE(parsed("*filter\n:INPUT DROP [0:0]\n"));
  CHECK_FALSE(parsed("-A INPUT -j ACCEPT\n"));
  const auto filter = parsed(
      "# c\n*nat\n:INPUT ACCEPT [0:0]\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n-I INPUT -j DROP\n-I INPUT 1 -j "
      "ACCEPT\nCOMMIT\n");
  REQUIRE(filter);
  const PacketJudge judge(*filter);
  REQUIRE(judge.bases(IpFamily::ipv4, PacketHook::input).size() == 1);
  const auto& chain = *judge.bases(IpFamily::ipv4, PacketHook::input)[0];
  CHECK(chain.source == "/r:6");
  REQUIRE(chain.rules.size() == 2);
  CHECK(chain.rules[0].source == "/r:8");
  CHECK(judge.bases(IpFamily::ipv6, PacketHook::input).empty());
}

TEST_CASE("a rule too long to be read is a doubt, and never a shorter rule", "[formats]") {
  std::string words;
  for (int i = 0; i < 500; ++i) words += "x ";
  const auto filter = parsed("*filter\n:INPUT DROP [0:0]\n-A INPUT " + words + "-j DROP\nCOMMIT\n");
  REQUIRE(filter);
  REQUIRE(filter->doubts.size() == 1);
  CHECK(filter->doubts[0] == "/r:3: a rule of more than 500 words, which is not read");
}
