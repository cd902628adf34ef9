#include "engine/formats/nftables.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

Result<std::vector<NftablesFile>> none(std::string_view /*pattern*/) {
  return std::vector<NftablesFile>{};
}

PacketFilter parsed(std::string text) {
  auto filter = parse_nftables({"/f", std::move(text)}, none);
  REQUIRE(filter);
  return std::move(*filter);
}

/// What becomes of a new TCP connection: "accept", "drop", or "?".
std::string fate(const std::string& rules, Packet packet) {
  const auto filter =
      parsed("table inet t { chain c { type filter hook input priority 0; policy drop;\n" + rules + "\n}; }");
  const auto found = PacketJudge(filter).fate(packet);
  return found.accepted == found.dropped ? "?" : found.accepted ? "accept" : "drop";
}

Packet to_port(std::uint16_t port) {
  return {.in_interface = "eth0", .source = {0, 0x0a000001}, .destination = {0, 0xc0000201}, .destination_port = port};
}

}  // namespace

TEST_CASE("rules decide in order, and what is not understood leaves the answer open", "[formats]") {
  struct Case {
    const char* rules;
    std::uint16_t port;
    const char* fate;
  };
  const auto c = GENERATE(values<Case>({
      {"", 22, "drop"},
      {"tcp dport 22 accept", 22, "accept"},
      {"tcp dport ssh accept", 22, "accept"},
      {"tcp dport { 22, 80-90 } accept", 85, "accept"},
      {"tcp dport 22-80 drop; accept", 79, "drop"},
      {"tcp dport != 22 accept", 22, "drop"},
      {"tcp dport < 1024 accept", 22, "accept"},
      {"tcp dport >= 1024 accept", 22, "drop"},
      {"udp dport 22 accept", 22, "drop"},
      {"th dport 22 accept", 22, "accept"},
      {"meta l4proto { tcp, udp } th dport 22 accept", 22, "accept"},
      {"ip saddr 10.0.0.0/8 accept", 22, "accept"},
      {"ip saddr != 10.0.0.0/8 accept", 22, "drop"},
      {"ip6 saddr != ::1 accept", 22, "drop"},
      {"ct state established,related accept", 22, "drop"},
      {"ct state { new, established } accept", 22, "accept"},
      {"ct state vmap { established : accept, new : jump x }", 22, "?"},
      {"iifname \"eth*\" accept", 22, "accept"},
      {"iif != lo counter packets 0 bytes 0 log prefix \"x: \" level info drop; accept", 22, "drop"},
      {"limit rate 3/minute burst 5 packets accept", 22, "?"},
      {"limit rate 3/minute accept; accept", 22, "accept"},
      {"tcp dport 23 limit rate 3/minute accept", 22, "drop"},
      {"ip saddr . tcp dport { 10.0.0.1 . 22 } accept", 22, "?"},
      {"tcp dport @nobody accept", 22, "?"},
      {"tcp dport vmap { 22 : accept, 23 : drop }", 22, "accept"},
      {"tcp dport vmap { 22 : accept, 23 : drop }; accept", 23, "drop"},
      {"tcp flags & (fin|syn|rst|ack) == syn tcp dport 22 accept", 22, "accept"},
      {"tcp dport 22 reject with tcp reset", 22, "drop"},
      {"return; accept", 22, "drop"},
      {"queue num 1", 22, "?"},
      {"accept comment \"a; drop\"", 22, "accept"},
  }));
  CAPTURE(c.rules);
  CHECK(fate(c.rules, to_port(c.port)) == c.fate);
}

TEST_CASE("jumps come back, gotos do not", "[formats]") {
  const auto judge = [](const std::string& rules) {
    const auto filter = parsed(
        "table ip t { chain a { tcp dport 22 accept; }\n chain b { return; }\n chain c { type filter hook input "
        "priority 0; policy drop; " +
        rules + "; }; }");
    const auto found = PacketJudge(filter).fate(to_port(23));
    return found.accepted == found.dropped ? "?" : found.accepted ? "accept" : "drop";
  };
  CHECK(std::string(judge("jump a; accept")) == "accept");
  CHECK(std::string(judge("goto a; accept")) == "drop");
  CHECK(std::string(judge("jump b; accept")) == "accept");
  CHECK(std::string(judge("jump gone; accept")) == "?");
}

TEST_CASE("chains that jump to each other end", "[formats]") {
  const auto filter = parsed(
      "table ip t { chain a { jump b; jump b; }\n chain b { jump a; jump a; }\n chain c { type filter hook input "
      "priority 0; jump a; }; }");
  const auto found = PacketJudge(filter).fate(to_port(22));
  CHECK(found.accepted);
  CHECK(found.dropped);
}

TEST_CASE("definitions, sets, commands and includes are put together as nft does", "[formats]") {
  const auto include = [](std::string_view pattern) -> Result<std::vector<NftablesFile>> {
    if (pattern == "/loop") return std::vector<NftablesFile>{{"/loop", "include \"/loop\"\n"}};
    return std::vector<NftablesFile>{{"/i", "tcp dport $ports accept\n"}};
  };
  const auto filter = parse_nftables(
      {"/f",
       "#!/usr/sbin/nft -f\nflush ruleset\ndefine ports = { 22, 80 }\n"
       "table inet t {\n  set s { type ipv4_addr; flags interval; elements = { 10.0.0.0/8,\n 192.168.0.0/16 }; }\n"
       "  chain c { type filter hook input priority filter; policy drop;\n  include \"x\"\n ip saddr @s drop\n }\n}\n"
       "add rule inet t c udp dport 53 accept\ninsert rule inet t c iif lo accept\n"},
      include);
  REQUIRE(filter);
  REQUIRE(filter->chains.size() == 1);
  const auto& rules = filter->chains[0].rules;
  REQUIRE(rules.size() == 4);
  CHECK(rules[0].text == "iif lo accept");
  CHECK(rules[1].source == "/i:1");
  CHECK(rules[1].conditions.at(1).ranges.size() == 2);
  CHECK(rules[2].conditions.at(0).ranges.size() == 2);
  CHECK(rules[2].source == "/f:9");
  CHECK(filter->chains[0].source == "/f:7");
  CHECK_FALSE(parse_nftables({"/f", "include \"/loop\"\n"}, include));
}

TEST_CASE("sets and maps are as they are when the whole file is loaded", "[formats]") {
  const auto at_port = [](const std::string& text, std::uint16_t port) {
    const auto filter = parsed(text);
    const auto found = PacketJudge(filter).fate(to_port(port));
    return std::string(found.accepted == found.dropped ? "?" : found.accepted ? "accept" : "drop");
  };
  const std::string set =
      "table inet t { set s { type inet_service; elements = { 22 } }\n"
      "chain c { type filter hook input priority 0; policy accept; tcp dport @s drop; }; }\n";
  CHECK(at_port(set, 23) == "accept");
  CHECK(at_port(set + "add element inet t s { 23, 24 }\n", 24) == "drop");
  CHECK(at_port(set + "table inet t { set s { type inet_service; elements = { 23 } }\n }\n", 22) == "drop");
  CHECK(at_port(set + "table inet t { set s { type inet_service; elements = { 23 } }\n }\n", 23) == "drop");
  CHECK(at_port(set + "delete table inet t\n" + set, 23) == "accept");
  const std::string map =
      "table inet t { map m { type inet_service : verdict; elements = { 22 : accept } }\n"
      "chain c { type filter hook input priority 0; policy accept; tcp dport vmap @m; }; }\n";
  CHECK(at_port(map + "add element inet t m { 23 : drop }\n", 23) == "drop");
}

TEST_CASE("a chain is emptied or deleted alone", "[formats]") {
  const std::string chains =
      "table inet t { chain in { tcp dport 22 accept; }\n chain inner { tcp dport 23 accept; }\n"
      "chain i { accept; }\n }\n";
  const auto flushed = parsed(chains + "flush chain inet t in\n");
  REQUIRE(flushed.chains.size() == 3);
  CHECK(flushed.chains[0].rules.size() == 1);
  CHECK(flushed.chains[1].rules.empty());
  CHECK(flushed.chains[2].rules.size() == 1);
  const auto deleted = parsed(chains + "delete chain inet t in\n");
  REQUIRE(deleted.chains.size() == 2);
  CHECK(deleted.chains[1].name == "inner");
  CHECK(parsed(chains + "flush table inet t\n").chains.size() == 3);
}

TEST_CASE("text that nft would not load is an error with its place", "[formats]") {
  for (const auto* text : {
           "table inet t {",
           "table inet t { chain c {",
           "}",
           "add rule ip t c tcp dport $x accept",
           "define x",
           "table inet t { chain c { accept }; }",
           "table inet t { chain c { policy drop }; }",
           "table inet t { chain c { type filter hook input priority 0 policy drop; }; }",
           "table inet t { chain c { accept; } }",
           "table inet t { chain c { accept; } chain d { }; }",
           "table inet t { chain c { include \"/none*\" }; }",
           "table inet t { chain c { tcp dport 22 accept tcp dport 23 drop; }; }",
           "table inet t { set s { type inet_service }; }",
           "table inet t { set s { type inet_service; } }",
           "table inet t { flags dormant }",
           "table inet t { counter c { } }",
           "table inet t { define x = lo }",
           "table inet t { } table inet u { }",
           "add chain inet t c { type filter hook input priority 0; policy drop }",
           "include \"/none*\" table inet t { }",
       }) {
    CAPTURE(text);
    const auto filter = parse_nftables({"/f", text}, none);
    REQUIRE_FALSE(filter);
    CHECK(filter.error().kind == Error::Kind::malformed);
    CHECK(filter.error().what.starts_with("/f:1"));
  }
}

TEST_CASE("where nft needs no end of a line, none is asked for", "[formats]") {
  for (const auto* text : {
           "table inet t { set s { type inet_service; elements = { 22 } }; }",
           "table inet t { chain c { tcp dport vmap { 22 : accept, 23 : drop }; }; }",
           "table inet t { chain c { tcp dport 22 accept comment \"mine\"; }; }; table inet u { }",
           "include \"/none*\"; table inet t { quota q { over 100 mbytes }; }",
       }) {
    CAPTURE(text);
    CHECK(parse_nftables({"/f", text}, none));
  }
}
