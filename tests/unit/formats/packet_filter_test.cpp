#include "engine/formats/packet_filter.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/formats/firewalld_zone.hpp"
#include "engine/formats/socket_table.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("addresses are read as people write them, and nothing else is one", "[formats]") {
  const auto text = [](const char* written, IpFamily family) {
    const auto range = parse_packet_addresses(written, family);
    return range ? address_text(range->first, family) + " " + address_text(range->last, family) : std::string();
  };
  CHECK(text("10.1.2.3", IpFamily::ipv4) == "10.1.2.3 10.1.2.3");
  CHECK(text("10.1.2.3/8", IpFamily::ipv4) == "10.0.0.0 10.255.255.255");
  CHECK(text("10.1.2.3/255.255.0.0", IpFamily::ipv4) == "10.1.0.0 10.1.255.255");
  CHECK(text("0.0.0.0/0", IpFamily::ipv4) == "0.0.0.0 255.255.255.255");
  CHECK(text("::1", IpFamily::ipv6) == "::1 ::1");
  CHECK(text("fe80::/10", IpFamily::ipv6) == "fe80:: febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  CHECK(text("::ffff:127.0.0.1", IpFamily::ipv6) == "::ffff:127.0.0.1 ::ffff:127.0.0.1");
  for (const auto* wrong :
       {"", "10.1.2", "10.1.2.3.4", "256.1.1.1", "10.1.2.3/33", "10.1.2.3/255.0.255.0", "host", "10.0.0.9-10.0.0.1"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_packet_addresses(wrong, IpFamily::ipv4));
  }
  for (const auto* wrong :
       {"", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "g::", "::1/129", "1::2::3", "12345::"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_packet_addresses(wrong, IpFamily::ipv6));
  }
}

TEST_CASE("a rule names a port only when it is about fewer than all", "[formats]") {
  PacketRule rule;
  rule.verdict = PacketVerdict::accept;
  using Kind = PacketCondition::Kind;
  CHECK(names_port(rule, IpFamily::ipv4, 6, 22) == false);
  rule.conditions = {{.kind = Kind::destination_port, .ranges = {{{0, 20}, {0, 30}}}}};
  CHECK(names_port(rule, IpFamily::ipv4, 6, 22) == true);
  CHECK(names_port(rule, IpFamily::ipv4, 6, 31) == false);
  rule.conditions.push_back({.kind = Kind::protocol, .ranges = {{{0, 17}, {0, 17}}}});
  CHECK(names_port(rule, IpFamily::ipv4, 6, 22) == false);
  CHECK(names_port(rule, IpFamily::ipv4, 17, 22) == true);
  rule.conditions = {{.kind = Kind::unknown_port}};
  CHECK(names_port(rule, IpFamily::ipv4, 6, 22) == std::nullopt);
  rule.verdict = PacketVerdict::none;
  CHECK(names_port(rule, IpFamily::ipv4, 6, 22) == false);
}

TEST_CASE("tables of sockets are read in the byte order of the machine", "[formats]") {
  const auto sockets = parse_socket_table(
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
      "   0: 0100007F:0019 00000000:0000 0A 00000000:00000000 00:00000000 00000000   105        0 21034 1 0000 100 0\n",
      IpFamily::ipv4);
  REQUIRE(sockets);
  REQUIRE(sockets->size() == 1);
  const auto& socket = sockets->front();
  CHECK(address_text(socket.address, IpFamily::ipv4) == "127.0.0.1");
  CHECK(socket.port == 25);
  CHECK(socket.state == 10);
  CHECK(socket.uid == 105);
  CHECK(socket.inode == 21034);
  const auto six = parse_socket_table(
      "head\n   0: 0000000000000000FFFF00000100007F:0016 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 77 "
      "1\n",
      IpFamily::ipv6);
  REQUIRE(six);
  CHECK(address_text(six->front().address, IpFamily::ipv6) == "::ffff:127.0.0.1");
  CHECK_FALSE(parse_socket_table("head\nnonsense\n", IpFamily::ipv4));
}

TEST_CASE("zones of firewalld say what they let in, and whether they stop who pretends to be the host", "[formats]") {
  const auto zone = parse_firewalld_zone(
      "<?xml version=\"1.0\"?><zone target=\"DROP\"><interface name=\"eth0\"/><service name=\"ssh\"/><port "
      "port=\"443\" protocol=\"tcp\"/>"
      "<rule family=\"ipv4\"><source address=\"127.0.0.1\"/><destination address=\"127.0.0.1\" "
      "invert=\"True\"/><drop/></rule>"
      "<rule family=\"ipv6\"><source address=\"::1\"/><port port=\"22\" protocol=\"tcp\"/><drop/></rule></zone>");
  REQUIRE(zone);
  CHECK(zone->target == "DROP");
  CHECK(zone->services == std::vector<std::string>{"ssh"});
  CHECK(zone->ports == std::vector<std::string>{"443/tcp"});
  CHECK(zone->rich_rules[0] ==
        "rule family=\"ipv4\" source address=\"127.0.0.1\" destination NOT address=\"127.0.0.1\" drop");
  CHECK(zone->drops_loopback_ipv4);
  CHECK_FALSE(zone->drops_loopback_ipv6);
  CHECK_FALSE(parse_firewalld_zone("<zone>"));
  CHECK_FALSE(parse_firewalld_zone("<service/>"));
}

namespace {

PacketCondition on_port(std::uint64_t first, std::uint64_t last) {
  return {.kind = PacketCondition::Kind::destination_port, .ranges = {{{0, first}, {0, last}}}};
}

PacketCondition on_interface(std::string name) {
  return {.kind = PacketCondition::Kind::in_interface, .names = {std::move(name)}};
}

PacketFilter filter_of(PacketHook hook, std::vector<PacketRule> rules) {
  PacketFilter filter;
  filter.chains.push_back(
      {.family = "inet", .table = "filter", .name = "base", .hook = hook, .type = "filter", .rules = std::move(rules)});
  return filter;
}

PacketRule rule(std::vector<PacketCondition> conditions, PacketVerdict verdict = PacketVerdict::accept) {
  return {.conditions = std::move(conditions), .verdict = verdict, .target = {}, .text = {}};
}

}  // namespace

TEST_CASE("what a filter tells apart is told whole, or it is said that there is more", "[formats]") {
  struct Case {
    const char* what;
    unsigned interfaces, ports;  ///< how many rules name one each
    std::size_t told_interfaces, told_ports;
    bool interface_gap, port_gap;
  };
  const auto c = GENERATE(values<Case>({
      {"none", 0, 0, 1, 1, false, false},
      {"a few", 3, 3, 4, 7, false, false},
      {"as many interfaces as are tried", 23, 0, 24, 1, false, false},
      {"one interface more", 24, 0, 24, 1, true, false},
      {"nearly as many ports as are tried", 0, 199, 1, 399, false, false},
      {"more ports", 0, 200, 1, 400, false, true},
  }));
  CAPTURE(c.what);
  std::vector<PacketRule> rules;
  for (unsigned i = 0; i < c.interfaces; ++i) rules.push_back(rule({on_interface("eth" + std::to_string(i))}));
  for (unsigned i = 0; i < c.ports; ++i) rules.push_back(rule({on_port(10 * (i + 1), 10 * (i + 1) + 4)}));
  const auto repeated = rules;
  rules.insert(rules.end(), repeated.begin(), repeated.end());  // what is known already is no more of it
  const auto filter = filter_of(PacketHook::input, std::move(rules));
  const PacketJudge judge(filter);
  const auto interfaces = judge.interfaces(IpFamily::ipv4, PacketHook::input);
  const auto ports = judge.ports(IpFamily::ipv4, PacketHook::input);
  CHECK(interfaces.values.size() == c.told_interfaces);
  CHECK(interfaces.gap.has_value() == c.interface_gap);
  CHECK(ports.values.size() == c.told_ports);
  CHECK(ports.gap.has_value() == c.port_gap);
  if (interfaces.gap) CHECK(interfaces.gap->kind == plimsoll::Error::Kind::too_large);
  if (interfaces.gap) CHECK(interfaces.gap->what == "the rules name more than 24 interfaces, and not all were tried");
  if (ports.gap) CHECK(ports.gap->what == "the rules name more than 400 borders between ports, and not all were tried");
}

TEST_CASE("rules before the routing decision tell packets apart too", "[formats]") {
  const auto filter = filter_of(PacketHook::prerouting, {rule({on_port(22, 22), on_interface("eth0")})});
  const PacketJudge judge(filter);
  CHECK(judge.ports(IpFamily::ipv6, PacketHook::input).values == std::vector<std::uint16_t>{1, 22, 23});
  CHECK(judge.interfaces(IpFamily::ipv6, PacketHook::input).values == std::vector<std::string>{"(other)", "eth0"});
  CHECK(judge.ports(IpFamily::ipv6, PacketHook::output).values == std::vector<std::uint16_t>{1});
}

TEST_CASE("a packet that is not followed to its end may meet any fate, and that is why", "[formats]") {
  SECTION("chains that jump on and on") {
    auto filter = filter_of(PacketHook::input, {});
    const auto jump = [](int to) {
      return PacketRule{
          .conditions = {}, .verdict = PacketVerdict::jump, .target = "c" + std::to_string(to), .text = {}};
    };
    filter.chains[0].rules = {jump(0)};
    for (int i = 0; i < 40; ++i)
      filter.chains.push_back(
          {.family = "inet", .table = "filter", .name = "c" + std::to_string(i), .rules = {jump(i + 1)}});
    const PacketJudge judge(filter);
    const auto fate = judge.fate({});
    CHECK((fate.accepted && fate.dropped && fate.given_up));
    CHECK(judge.unmatched(IpFamily::ipv4, PacketHook::input).given_up);
  }
  SECTION("more rules than anybody writes") {
    const auto filter = filter_of(PacketHook::input, std::vector<PacketRule>(200'001, rule({}, PacketVerdict::none)));
    CHECK(PacketJudge(filter).fate({}).given_up);
  }
  SECTION("a rule that is not understood is another reason") {
    const auto filter = filter_of(PacketHook::input, {rule({{}}, PacketVerdict::drop)});
    const auto fate = PacketJudge(filter).fate({});
    CHECK((fate.accepted && fate.dropped && !fate.given_up));
  }
  SECTION("a rule that decides before is enough") {
    auto rules = std::vector<PacketRule>(200'001, rule({}, PacketVerdict::none));
    rules[1] = rule({}, PacketVerdict::drop);
    const auto filter = filter_of(PacketHook::input, std::move(rules));
    const auto fate = PacketJudge(filter).fate({});
    CHECK((!fate.accepted && fate.dropped && !fate.given_up));
  }
}
