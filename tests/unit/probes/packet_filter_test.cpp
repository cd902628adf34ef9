#include "engine/probes/packet_filter.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::packet_filter_probe;

namespace {

/// Records stand in this order.
enum Place : std::size_t { ipv4_input, ipv4_forward, ipv4_output, ipv6_input };

World kernel_with(const std::string& rules) {
  auto world = world_of("files: { /proc/sys/kernel/ostype: x }");
  world.netfilter = rules;
  return world;
}

ProbeAnswer answer_of(const World& world, const Arguments& arguments = {}) {
  const auto tree = tree_of(world);
  const FakeNetfilter filter(tree);
  return ask(packet_filter_probe, FakeRoot(tree), arguments, {}, {&filter});
}

std::string input_chain(const std::string& rules, const std::string& policy = "drop") {
  return "table inet filter { chain input { type filter hook input priority 0; policy " + policy + "; " + rules +
         " }; }";
}

constexpr const char* spoofed = "iif != lo ip saddr 127.0.0.0/8 drop; iif != lo ip6 saddr ::1 drop; ";

}  // namespace

TEST_CASE("six records say what becomes of packets", "[probes]") {
  const auto answer = answer_of(kernel_with(input_chain("iif lo accept; tcp dport 22 accept;")));
  CHECK_FALSE(answer.failure);
  CHECK(answer.texts("family") == std::vector<std::string>{"ipv4", "ipv4", "ipv4", "ipv6", "ipv6", "ipv6"});
  CHECK(answer.texts("hook") == std::vector<std::string>{"input", "forward", "output", "input", "forward", "output"});
  CHECK(answer.text("tables") == "inet filter");
  CHECK(answer.text("chains") == "inet filter input");
  CHECK(answer.texts("policy") ==
        std::vector<std::string>{"drop", "(absent)", "(absent)", "drop", "(absent)", "(absent)"});
  CHECK(answer.texts("unmatched") == std::vector<std::string>{"drop", "accept", "accept", "drop", "accept", "accept"});
  CHECK(answer.texts("loopback_accepted") ==
        std::vector<std::string>{"true", "(absent)", "true", "true", "(absent)", "true"});
  CHECK(answer.texts("spoofed_loopback_dropped") ==
        std::vector<std::string>{"false", "(absent)", "(absent)", "false", "(absent)", "(absent)"});
  CHECK(answer.records.front().source == "nf_tables (netlink)");
}

TEST_CASE("loopback is judged for all packets, and left open where nobody can say", "[probes]") {
  struct Case {
    const char* what;
    std::string rules;
    const char* accepted;
    const char* spoofed_dropped;
  };
  std::string interfaces;
  for (int i = 0; i < 30; ++i) interfaces += fmt::format("iifname eth{} tcp dport 1 drop; ", i);
  std::string ports;
  for (int i = 0; i < 300; ++i) ports += fmt::format("iifname eth0 tcp dport {} accept; ", 10 * i + 10);
  const std::string lo = "iifname lo accept; ";
  const std::string last_port = "iifname eth0 tcp dport 60000 accept; ";
  const auto c = GENERATE_COPY(values<Case>({
      {"both hold", lo + spoofed, "true", "true"},
      {"a port of lo is closed", "iifname lo tcp dport 25 drop; " + lo + spoofed, "false", "true"},
      {"a port is open to those who pretend", "tcp dport 22 accept; " + lo + spoofed, "true", "false"},
      {"a condition that is not understood", "meta mark 7 accept; " + lo + spoofed, "true",
       "(unreadable: unsupported)"},
      {"a condition that is not understood may close lo", "meta mark 7 drop; " + lo + spoofed,
       "(unreadable: unsupported)", "true"},
      {"more interfaces than are tried", interfaces + lo + spoofed, "true", "(unreadable: too_large)"},
      {"more ports than are tried", lo + ports + spoofed, "(unreadable: too_large)", "false"},
      {"a break among those that were tried counts", lo + ports, "(unreadable: too_large)", "false"},
  }));
  CAPTURE(c.what);
  const auto answer = answer_of(kernel_with(input_chain(c.rules)));
  REQUIRE_FALSE(answer.failure);
  CHECK(answer.text("loopback_accepted", ipv4_input) == c.accepted);
  CHECK(answer.text("spoofed_loopback_dropped", ipv4_input) == c.spoofed_dropped);
}

TEST_CASE("a port that is closed before the routing decision is closed", "[probes]") {
  const auto answer = answer_of(kernel_with(
      "table inet filter { chain early { type filter hook prerouting priority 0; iifname lo tcp dport 25 drop; }; }\n" +
      input_chain("iifname lo accept;").replace(0, 18, "table inet other ")));
  REQUIRE_FALSE(answer.failure);
  CHECK(answer.text("loopback_accepted", ipv4_input) == "false");
}

TEST_CASE("rules after the 200th are counted, not forgotten", "[probes]") {
  std::string rules;
  for (int i = 0; i < 203; ++i) rules += "tcp dport 22 accept; ";
  const auto answer = answer_of(kernel_with(
      "table ip filter { chain INPUT { type filter hook input priority 0; policy drop; " + rules + " }; }"));
  REQUIRE_FALSE(answer.failure);
  for (const auto* field : {"rules", "iptables_rules"}) {
    CAPTURE(field);
    const auto text = answer.text(field);
    CHECK(text.ends_with(", (and 3 more)"));
    CHECK(std::count(text.begin(), text.end(), ',') == 200);
  }
  CHECK(answer.text("iptables_rules", ipv6_input).empty());
}

TEST_CASE("a program that is asked about packets leaves open what becomes of them", "[probes]") {
  const auto answer = answer_of(kernel_with(input_chain("queue;")));
  CHECK(answer.text("policy") == "drop");
  CHECK(answer.text("unmatched") == "(unreadable: unsupported)");
}

TEST_CASE("where the kernel's rules cannot be known, there is no answer", "[probes]") {
  struct Case {
    const char* what;
    const char* difference;
    Error::Kind kind;
    const char* says;
  };
  const auto c = GENERATE(values<Case>({
      {"it does not tell them", "netfilter: { error: denied }", Error::Kind::denied, "nf_tables"},
      {"a root that is not running", "live: false", Error::Kind::unobservable, "nf_tables"},
      {"another network name space than the host's",
       "files: { /proc/1/net/tcp: x, /proc/self: { target: \"7\" }, /proc/7/net/tcp: x }", Error::Kind::unobservable,
       "another network name space"},
      {"it does not tell a table of iptables-legacy that it lists",
       "files: { /proc/1/net/ip6_tables_names: \"nat\\nfilter\\n\" }", Error::Kind::failed, "iptables-legacy"},
      {"the list of its tables may not be read", "files: { /proc/1/net/ip_tables_names: { error: denied } }",
       Error::Kind::denied, "ip_tables_names"},
  }));
  CAPTURE(c.what);
  const auto answer = answer_of(merged(kernel_with(input_chain("iif lo accept;")), world_of(c.difference)));
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == c.kind);
  CAPTURE(answer.failure->what);
  CHECK(answer.failure->what.find(c.says) != std::string::npos);
  CHECK(answer.records.empty());
}

TEST_CASE("a packet has to pass the tables of iptables-legacy too", "[probes]") {
  auto world = kernel_with(input_chain("iif lo accept; tcp dport 22 accept;"));
  world.iptables_legacy =
      "*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n"
      "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n-A INPUT -i lo -p tcp -m tcp --dport 99 -j DROP\nCOMMIT\n";
  const auto answer = answer_of(world);
  CHECK_FALSE(answer.failure);
  CHECK(answer.text("tables") == "inet filter, ip nat (iptables-legacy), ip filter (iptables-legacy)");
  CHECK(answer.text("chains") == "inet filter input, ip filter (iptables-legacy) INPUT");
  CHECK(answer.text("policy") == "drop");
  CHECK(answer.text("loopback_accepted") == "false");
  CHECK(answer.text("policy", ipv4_forward) == "drop");
  CHECK(answer.text("tables", ipv6_input) == "inet filter");
  CHECK(answer.text("loopback_accepted", ipv6_input) == "true");
}

TEST_CASE("a module of iptables-legacy without tables is no rule", "[probes]") {
  const auto answer = answer_of(
      merged(kernel_with(input_chain("iif lo accept;")), world_of("files: { /proc/1/net/ip_tables_names: \"\" }")));
  CHECK_FALSE(answer.failure);
}

TEST_CASE("saved rules are read whether or not they run", "[probes]") {
  const auto world = world_of(R"(live: false
files:
  /etc/nftables.conf: "table inet f { chain i { type filter hook input priority 0; policy drop; }; }\n"
  /etc/iptables/rules.v4: "*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n"
)");
  const auto nftables = answer_of(world, {{"rules", "nftables"}});
  CHECK(nftables.text("chains") == "inet f i");
  CHECK(nftables.records.front().source == "/etc/nftables.conf");
  const auto iptables = answer_of(world, {{"rules", "iptables"}});
  CHECK(iptables.text("loopback_accepted") == "true");
  CHECK(iptables.text("policy", ipv6_input) == "(absent)");
  const auto none = answer_of(world_of("live: false"), {{"rules", "nftables"}});
  CHECK_FALSE(none.failure);
  CHECK(none.text("unmatched") == "accept");
  CHECK(none.text("tables").empty());
}
