#include "engine/formats/iptables_table.hpp"

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/packet_filter.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

template <class Number>
void put(std::string& bytes, std::size_t at, Number number) {
  std::memcpy(bytes.data() + at, &number, sizeof number);
}

/// struct xt_entry_match, xt_entry_target: with data that makes it a multiple of eight bytes long.
std::string extension(std::string_view name, std::string data) {
  data.resize((data.size() + 7) / 8 * 8, '\0');
  std::string bytes(32, '\0');
  put(bytes, 0, static_cast<std::uint16_t>(bytes.size() + data.size()));
  name.copy(bytes.data() + 2, 29);
  return bytes + data;
}

std::string number(std::int32_t value) {
  std::string bytes(sizeof value, '\0');
  put(bytes, 0, value);
  return bytes;
}

std::string verdict(std::int32_t value) {
  return extension("", number(value));
}

std::string chain_head(std::string_view name) {
  return extension("ERROR", std::string(name) + std::string(30 - name.size(), '\0'));
}

/// struct xt_tcp with a range of destination ports.
std::string to_ports(std::uint16_t first, std::uint16_t last) {
  std::string bytes(12, '\0');
  put(bytes, 2, std::uint16_t{0xffff});
  put(bytes, 4, first);
  put(bytes, 6, last);
  return extension("tcp", bytes);
}

struct Asked {
  std::string_view in = {};
  bool in_prefix = false;
  std::string_view source = {};  // bytes in the network's order
  std::string_view source_mask = {};
  std::uint16_t protocol = 0;
  std::uint8_t flags = 0;
  std::uint8_t inverted = 0;
};

std::string entry(IpFamily family, const Asked& asked, const std::string& matches, const std::string& target) {
  const bool four = family == IpFamily::ipv4;
  std::string bytes(four ? 112 : 168, '\0');
  const std::size_t address = four ? 4 : 16;
  asked.source.copy(bytes.data(), address);
  asked.source_mask.copy(bytes.data() + 2 * address, address);
  asked.in.copy(bytes.data() + 4 * address, 16);
  const auto compared = asked.in.empty() ? 0 : asked.in.size() + (asked.in_prefix ? 0 : 1);
  std::memset(bytes.data() + 4 * address + 32, 0xff, compared);
  put(bytes, four ? 80 : 128, asked.protocol);
  put(bytes, four ? 82 : 131, asked.flags);
  put(bytes, four ? 83 : 132, asked.inverted);
  const auto target_at = static_cast<std::uint16_t>(bytes.size() + matches.size());
  put(bytes, four ? 88 : 140, target_at);
  put(bytes, four ? 90 : 142, static_cast<std::uint16_t>(target_at + target.size()));
  return bytes + matches + target;
}

/// A table with the built-in chain INPUT, whose policy is the last verdict, and what stands behind it.
struct Built {
  IptablesTable table{.family = IpFamily::ipv4, .name = "filter"};

  explicit Built(IpFamily family = IpFamily::ipv4) {
    table.family = family;
    table.valid_hooks = 2;
    table.hook_entry.fill(~0U);
    table.underflow.fill(~0U);
    table.hook_entry[1] = 0;
  }
  std::size_t add(const std::string& target, const Asked& asked = {}, const std::string& matches = {}) {
    const auto at = table.entries.size();
    table.entries += entry(table.family, asked, matches, target);
    return at;
  }
  void policy(std::int32_t value) { table.underflow[1] = static_cast<std::uint32_t>(add(verdict(value))); }
  void end() { add(chain_head("ERROR")); }
};

constexpr std::int32_t drop = -1, accept = -2, back = -5;

std::vector<PacketChain> chains_of(const Built& built) {
  const auto chains = decode_iptables_table(built.table);
  REQUIRE(chains);
  return *chains;
}

std::vector<std::string> texts_of(const PacketChain& chain) {
  std::vector<std::string> texts;
  for (const auto& rule : chain.rules) texts.push_back(rule.text);
  return texts;
}

}  // namespace

TEST_CASE("a built-in chain has its policy and its rules", "[formats][iptables_table]") {
  Built built;
  built.add(verdict(accept), {.in = "lo"});
  built.add(verdict(drop), {.in = "eth", .in_prefix = true, .inverted = 1});
  built.add(verdict(accept), {.protocol = 6}, to_ports(22, 22) + extension("comment", "ssh"));
  built.add(extension("REJECT", number(0)), {.protocol = 17, .inverted = 64});
  built.policy(drop);
  built.end();
  const auto chains = chains_of(built);
  REQUIRE(chains.size() == 1);
  CHECK(chains[0].title() == "ip filter INPUT");
  CHECK(chains[0].hook == PacketHook::input);
  CHECK(chains[0].type == "filter");
  CHECK(chains[0].drops);
  CHECK(texts_of(chains[0]) == std::vector<std::string>{"iifname lo accept", "iifname != eth* drop",
                                                        "meta l4proto 6 th dport 22 accept",
                                                        "meta l4proto != 17 reject"});
}

TEST_CASE("addresses are ranges by their masks", "[formats][iptables_table]") {
  using namespace std::string_view_literals;
  Built built;
  built.add(verdict(accept), {.source = "\x7f\x01\x02\x03"sv, .source_mask = "\xff\0\0\0"sv});
  built.add(verdict(accept), {.source = "\x0a\0\0\x01"sv, .source_mask = "\xff\xff\xff\xff"sv, .inverted = 8});
  built.add(verdict(accept), {.source = "\x0a\0\0\x01"sv, .source_mask = "\xff\0\0\xff"sv});
  built.policy(accept);
  built.end();
  CHECK(texts_of(chains_of(built)[0]) == std::vector<std::string>{"ip saddr 127.0.0.0-127.255.255.255 accept",
                                                                  "ip saddr != 10.0.0.1 accept",
                                                                  "(another condition) accept"});

  Built six(IpFamily::ipv6);
  const std::string local = "\xfe\x80" + std::string(14, '\0');
  const std::string prefix = "\xff\xc0" + std::string(14, '\0');
  six.add(verdict(drop), {.source = local, .source_mask = prefix, .protocol = 58, .flags = 1});
  six.add(verdict(drop), {.protocol = 58});  // without its flag the protocol is not looked at
  six.policy(accept);
  six.end();
  CHECK(texts_of(chains_of(six)[0]) ==
        std::vector<std::string>{
            "ip6 saddr fe80:0:0:0:0:0:0:0-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff meta l4proto 58 drop", "drop"});
}

TEST_CASE("rules jump to chains that users made, and go on behind those that only count", "[formats][iptables_table]") {
  Built built;
  const auto jump = built.add(verdict(0));
  const auto go_to = built.add(verdict(0), {.flags = 2});
  const auto counts = built.add(verdict(0));
  built.policy(accept);
  built.add(chain_head("own"));
  const auto own = built.add(verdict(drop), {.flags = 1});  // fragments
  built.add(verdict(back));
  built.end();
  const auto verdict_at = [](std::size_t at) { return at + 112 + 32; };
  put(built.table.entries, verdict_at(jump), static_cast<std::int32_t>(own));
  put(built.table.entries, verdict_at(go_to), static_cast<std::int32_t>(own));
  put(built.table.entries, verdict_at(counts), static_cast<std::int32_t>(built.table.underflow[1]));
  const auto chains = chains_of(built);
  REQUIRE(chains.size() == 2);
  CHECK(texts_of(chains[0]) == std::vector<std::string>{"jump own", "goto own", "(counts or logs)"});
  CHECK_FALSE(chains[0].drops);
  CHECK(chains[1].title() == "ip filter own");
  CHECK_FALSE(chains[1].hook);
  CHECK(texts_of(chains[1]) == std::vector<std::string>{"(another condition) drop", "return"});
}

TEST_CASE("what nobody knows stays open", "[formats][iptables_table]") {
  Built built;
  built.add(extension("LOG", "x"), {}, extension("limit", std::string(40, 'x')));
  built.add(extension("SYNPROXY", "x"));
  built.policy(accept);
  built.end();
  CHECK(texts_of(chains_of(built)[0]) == std::vector<std::string>{"(another condition)", "queue"});
}

TEST_CASE("entries that do not fit together are an error", "[formats][iptables_table]") {
  Built whole;
  whole.add(verdict(accept), {.protocol = 6}, to_ports(22, 22));
  whole.policy(drop);
  whole.end();
  REQUIRE(decode_iptables_table(whole.table));

  const auto damage =
      GENERATE(as<std::string>(), "cut short", "no room for a target", "an entry of no length", "a match of no length",
               "a match beyond the target", "a jump into the middle", "an unknown verdict", "a rule before any chain");
  CAPTURE(damage);
  auto broken = whole.table;
  const auto target_at = static_cast<std::uint16_t>(112 + 48);
  if (damage == "cut short") broken.entries.pop_back();
  if (damage == "no room for a target") put(broken.entries, 90, target_at);
  if (damage == "an entry of no length") put(broken.entries, 90, std::uint16_t{0});
  if (damage == "a match of no length") put(broken.entries, 112, std::uint16_t{0});
  if (damage == "a match beyond the target") put(broken.entries, 112, std::uint16_t{56});
  if (damage == "a jump into the middle") put(broken.entries, target_at + 32U, std::int32_t{8});
  if (damage == "an unknown verdict") put(broken.entries, target_at + 32U, std::int32_t{-3});
  if (damage == "a rule before any chain") broken.valid_hooks = 0;
  const auto chains = decode_iptables_table(broken);
  REQUIRE_FALSE(chains);
  CHECK(chains.error().kind == Error::Kind::malformed);
  CHECK(chains.error().what.find("table filter of iptables-legacy") != std::string::npos);
}
