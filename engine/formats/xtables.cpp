#include "engine/formats/xtables.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

namespace plimsoll::formats {
namespace {

using Kind = PacketCondition::Kind;

/// The bytes of one match. What lies behind their end is zero.
class Info {
 public:
  explicit Info(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint32_t byte(std::size_t at) const {
    return at < bytes_.size() ? static_cast<unsigned char>(bytes_[at]) : 0U;
  }
  /// Of the host's byte order.
  [[nodiscard]] std::uint64_t half(std::size_t at) const {
    std::uint16_t value = 0;
    if (at + sizeof value <= bytes_.size()) std::memcpy(&value, bytes_.data() + at, sizeof value);
    return value;
  }
  [[nodiscard]] std::uint64_t whole(std::size_t at) const {
    std::uint32_t value = 0;
    if (at + sizeof value <= bytes_.size()) std::memcpy(&value, bytes_.data() + at, sizeof value);
    return value;
  }

 private:
  std::string_view bytes_;
};

using Conditions = std::vector<PacketCondition>;

void add_ports(Kind kind, std::uint64_t first, std::uint64_t last, bool negated, Conditions& conditions) {
  if (first == 0 && last == 65535 && !negated) return;
  conditions.push_back({.kind = kind, .negated = negated, .ranges = {{{0, first}, {0, last}}}});
}

/// struct xt_tcp and xt_udp: two ranges of ports; then, of tcp, option, flag mask, flags; what is inverted.
void add_tcp_or_udp(bool tcp, const Info& info, Conditions& conditions) {
  const auto inverted = tcp ? info.byte(11) : info.byte(8);
  add_ports(Kind::source_port, info.half(0), info.half(2), (inverted & 1U) != 0, conditions);
  add_ports(Kind::destination_port, info.half(4), info.half(6), (inverted & 2U) != 0, conditions);
  if (!tcp || (info.byte(9) == 0 && info.byte(8) == 0)) return;
  const bool opening = info.byte(10) == 2 && (info.byte(9) & 2U) != 0 && info.byte(8) == 0;
  conditions.push_back({.kind = opening ? Kind::opening : Kind::unknown, .negated = opening && (inverted & 4U) != 0});
}

/// struct xt_multiport_v1: flags, count, 15 ports, for each whether a range begins with it, whether it is inverted.
void add_multiport(const Info& info, Conditions& conditions) {
  constexpr std::uint32_t of_source = 0, of_destination = 1;
  const auto which = info.byte(0);
  if (which != of_source && which != of_destination) {  // either port
    conditions.push_back({.kind = Kind::unknown_port});
    return;
  }
  PacketCondition condition{.kind = which == of_source ? Kind::source_port : Kind::destination_port};
  const std::size_t count = std::min(info.byte(1), 15U);
  for (std::size_t i = 0; i < count; ++i) {
    const auto first = info.half(2 + 2 * i);
    const bool range = info.byte(32 + i) != 0 && i + 1 < count;
    condition.ranges.push_back({{0, first}, {0, range ? info.half(2 + 2 * (i + 1)) : first}});
    if (range) ++i;
  }
  condition.negated = info.byte(47) != 0;
  conditions.push_back(std::move(condition));
}

std::vector<std::string> states_of(std::uint64_t bits) {
  std::vector<std::string> names;
  constexpr std::array<std::pair<std::uint64_t, std::string_view>, 5> known = {
      {{1, "invalid"}, {2, "established"}, {4, "related"}, {8, "new"}, {64, "untracked"}}};
  for (const auto& [bit, name] : known) {
    if ((bits & bit) != 0) names.emplace_back(name);
  }
  return names;
}

/// struct xt_conntrack_mtinfo3: eight addresses of 16 bytes, expires min and max, protocol, four ports, then what is
/// matched, what inverted, and the states.
void add_conntrack(const Info& info, Conditions& conditions) {
  constexpr std::size_t flags_at = 8 * 16 + 8 + 2 + 8;
  constexpr std::uint64_t state = 1;
  if (info.half(flags_at) != state) {
    conditions.push_back({});
    return;
  }
  conditions.push_back({.kind = Kind::state,
                        .negated = (info.half(flags_at + 2) & state) != 0,
                        .names = states_of(info.half(flags_at + 4))});
}

}  // namespace

void add_xtables_match(std::string_view name, std::string_view bytes, std::vector<PacketCondition>& conditions) {
  const Info info(bytes);
  if (name == "comment") return;
  if ((name == "tcp" && bytes.size() >= 12) || (name == "udp" && bytes.size() >= 9)) {
    add_tcp_or_udp(name == "tcp", info, conditions);
  } else if (name == "multiport" && bytes.size() >= 48) {
    add_multiport(info, conditions);
  } else if (name == "conntrack" && bytes.size() >= 152) {
    add_conntrack(info, conditions);
  } else if (name == "state" && bytes.size() >= 4) {
    conditions.push_back({.kind = Kind::state, .names = states_of(info.whole(0))});
  } else {
    conditions.push_back({});
  }
}

PacketVerdict verdict_of_xtables(std::string_view target) {
  constexpr std::array<std::string_view, 24> go_on = {
      "LOG", "NFLOG",   "ULOG",        "MARK",      "CONNMARK", "TRACE", "CT",  "NOTRACK",
      "SET", "SECMARK", "CONNSECMARK", "TCPMSS",    "AUDIT",    "DSCP",  "TOS", "CLASSIFY",
      "TTL", "HL",      "CHECKSUM",    "IDLETIMER", "RATEEST",  "TEE",   "LED", "TCPOPTSTRIP"};
  constexpr std::array<std::string_view, 5> translates = {"DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP"};
  if (std::ranges::find(translates, target) != translates.end()) return PacketVerdict::accept;
  if (target == "DROP" || target == "STEAL") return PacketVerdict::drop;
  if (target == "REJECT" || target == "TARPIT") return PacketVerdict::reject;
  return std::ranges::find(go_on, target) != go_on.end() ? PacketVerdict::none : PacketVerdict::queue;
}

}  // namespace plimsoll::formats
