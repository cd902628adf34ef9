#include "engine/formats/packet_filter.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

namespace plimsoll::formats {
namespace {

constexpr unsigned accepted = 1;
constexpr unsigned dropped = 2;
constexpr unsigned goes_on = 4;  // fell off the end of the chain, or returned
constexpr unsigned anything = accepted | dropped | goes_on;

constexpr unsigned max_depth = 32;
constexpr std::size_t max_interfaces = 24;
constexpr std::size_t max_ports = 400;
constexpr std::string_view other_interface = "(other)";

enum class Fit : std::uint8_t { no, unknown, yes };
using Kind = PacketCondition::Kind;

Fit fit(bool holds, bool negated) {
  return holds != negated ? Fit::yes : Fit::no;
}

bool in_ranges(const PacketCondition& condition, PacketNumber number) {
  return std::any_of(condition.ranges.begin(), condition.ranges.end(),
                     [&](const PacketRange& range) { return range.first <= number && number <= range.last; });
}

bool in_names(const PacketCondition& condition, std::string_view name) {
  return std::any_of(condition.names.begin(), condition.names.end(), [&](std::string_view pattern) {
    if (!pattern.ends_with('*')) return pattern == name;
    pattern.remove_suffix(1);
    return pattern.empty() || name.starts_with(pattern);
  });
}

Fit address_fit(const PacketCondition& condition, const Packet& packet, PacketNumber address) {
  if (condition.family != packet.family) return Fit::no;
  return fit(in_ranges(condition, address), condition.negated);
}

Fit fit(const PacketCondition& condition, const Packet& packet) {
  const bool negated = condition.negated;
  switch (condition.kind) {
    case Kind::in_interface:
      return fit(in_names(condition, packet.in_interface), negated);
    case Kind::out_interface:
      return fit(in_names(condition, packet.out_interface), negated);
    case Kind::source:
      return address_fit(condition, packet, packet.source);
    case Kind::destination:
      return address_fit(condition, packet, packet.destination);
    case Kind::protocol:
      return fit(in_ranges(condition, {0, packet.protocol}), negated);
    case Kind::source_port:
      return fit(in_ranges(condition, {0, packet.source_port}), negated);
    case Kind::destination_port:
      return fit(in_ranges(condition, {0, packet.destination_port}), negated);
    case Kind::state:
      return fit(in_names(condition, "new"), negated);
    case Kind::family:
      return fit(condition.family == packet.family, negated);
    case Kind::opening:
      return fit(packet.protocol == 6, negated);
    case Kind::local_destination:
      return fit(packet.hook == PacketHook::input, negated);
    case Kind::unknown:
    case Kind::unknown_port:
      return Fit::unknown;
  }
  return Fit::unknown;
}

/// A packet of null fits only rules without conditions.
Fit fit(const PacketRule& rule, const Packet* packet) {
  if (packet == nullptr) return rule.conditions.empty() ? Fit::yes : Fit::no;
  auto least = Fit::yes;
  for (const auto& condition : rule.conditions) {
    least = std::min(least, fit(condition, *packet));
    if (least == Fit::no) break;
  }
  return least;
}

/// Gathers different values, up to a limit.
template <class T>
class Places {
 public:
  Places(T first, std::size_t most, std::string_view what) : values_{std::move(first)}, most_(most), what_(what) {}

  void add(T value) {
    if (values_.size() < most_) {
      values_.insert(std::move(value));
    } else if (!values_.contains(value)) {
      more_ = true;
    }
  }
  [[nodiscard]] PacketPlaces<T> told() const {
    PacketPlaces<T> places{{values_.begin(), values_.end()}};
    if (more_) {
      places.gap = Error{Error::Kind::too_large,
                         fmt::format("the rules name more than {} {}, and not all were tried", most_, what_)};
    }
    return places;
  }

 private:
  std::set<T> values_;
  std::size_t most_;
  std::string_view what_;
  bool more_ = false;
};

}  // namespace

bool PacketChain::serves(IpFamily which) const {
  return family == "inet" || family == (which == IpFamily::ipv4 ? "ip" : "ip6");
}

std::string PacketChain::title() const {
  return fmt::format("{} {} {}", family, table, name);
}

bool is_loopback(IpFamily family, PacketNumber address) {
  if (family == IpFamily::ipv4) return address.high == 0 && (address.low >> 24U) == 127;
  const bool mapped = address.high == 0 && (address.low >> 32U) == 0xffff;
  return (address.high == 0 && address.low == 1) || (mapped && ((address.low >> 24U) & 0xffU) == 127);
}

PacketJudge::PacketJudge(const PacketFilter& filter) {
  std::set<std::pair<std::string_view, std::string_view>> dormant;
  for (const auto& table : filter.tables) {
    if (table.dormant) dormant.emplace(table.family, table.name);
  }
  for (const auto& chain : filter.chains) {
    chains_.emplace(chain.title(), &chain);
    if (!chain.hook || chain.type != "filter" || dormant.contains({chain.family, chain.table})) continue;
    for (const auto family : {IpFamily::ipv4, IpFamily::ipv6}) {
      if (chain.serves(family)) bases_[{family, *chain.hook}].push_back(&chain);
    }
  }
}

const std::vector<const PacketChain*>& PacketJudge::bases(IpFamily family, PacketHook hook) const {
  static const std::vector<const PacketChain*> none;
  const auto found = bases_.find({family, hook});
  return found == bases_.end() ? none : found->second;
}

const PacketChain* PacketJudge::find(const PacketChain& from, const std::string& name) const {
  const auto found = chains_.find(fmt::format("{} {} {}", from.family, from.table, name));
  return found == chains_.end() ? nullptr : found->second;
}

/// One packet on its way. Work is bounded, because chains that jump to each other can make it grow without end.
struct PacketJudge::Walk {
  const PacketJudge& judge;
  const Packet* packet;
  std::size_t steps = 200'000;
  bool given_up = false;

  unsigned through(const PacketChain& chain, unsigned depth) {
    unsigned fates = 0;
    for (const auto& rule : chain.rules) {
      if (steps == 0 || depth > max_depth) {
        given_up = true;
        return anything;
      }
      --steps;
      const auto fits = fit(rule, packet);
      if (fits == Fit::no) continue;
      const unsigned outcome = of(rule, chain, depth);
      // A rule after which the packet goes on, in this chain, ends nothing.
      const bool may_go_on = fits != Fit::yes || rule.verdict == PacketVerdict::none ||
                             (rule.verdict == PacketVerdict::jump && (outcome & goes_on) != 0);
      const bool leaves = rule.verdict == PacketVerdict::back || rule.verdict == PacketVerdict::go_to;
      fates |= leaves ? outcome : outcome & ~goes_on;
      if (!may_go_on) return fates;
    }
    return fates | goes_on;
  }

  unsigned of(const PacketRule& rule, const PacketChain& chain, unsigned depth) {
    switch (rule.verdict) {
      case PacketVerdict::none:
        return goes_on;
      case PacketVerdict::accept:
        return accepted;
      case PacketVerdict::drop:
      case PacketVerdict::reject:
        return dropped;
      case PacketVerdict::back:
        return goes_on;
      case PacketVerdict::queue:
        return accepted | dropped;
      case PacketVerdict::jump:
      case PacketVerdict::go_to: {
        const auto* target = judge.find(chain, rule.target);
        return target == nullptr ? anything : through(*target, depth + 1);
      }
    }
    return anything;
  }

  /// Through a base chain, after what became of the packet before.
  void base(const PacketChain& chain, PacketFate& fate) {
    unsigned fates = through(chain, 0);
    if ((fates & goes_on) != 0) fates |= chain.drops ? dropped : accepted;
    fate.dropped = fate.dropped || (fates & dropped) != 0;
    fate.accepted = fate.accepted && (fates & accepted) != 0;
    fate.given_up = fate.given_up || given_up;
  }
};

PacketFate PacketJudge::fate(const Packet& packet) const {
  PacketFate fate{.accepted = true};
  if (packet.hook == PacketHook::input || packet.hook == PacketHook::forward) {
    for (const auto* chain : bases(packet.family, PacketHook::prerouting)) Walk{*this, &packet}.base(*chain, fate);
  }
  for (const auto* chain : bases(packet.family, packet.hook)) Walk{*this, &packet}.base(*chain, fate);
  return fate;
}

PacketFate PacketJudge::unmatched(IpFamily family, PacketHook hook) const {
  PacketFate fate{.accepted = true};
  for (const auto* chain : bases(family, hook)) Walk{*this, nullptr}.base(*chain, fate);
  return fate;
}

std::vector<const PacketRule*> PacketJudge::reachable(IpFamily family, PacketHook hook) const {
  std::vector<const PacketRule*> rules;
  std::set<const PacketChain*> seen;
  std::vector<const PacketChain*> waiting;
  const auto visit = [&](const PacketChain* chain) {
    if (chain != nullptr && seen.insert(chain).second) waiting.push_back(chain);
  };
  for (const auto* chain : bases(family, hook)) visit(chain);
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    const auto& chain = *waiting[i];
    for (const auto& rule : chain.rules) {
      rules.push_back(&rule);
      if (!rule.target.empty()) visit(find(chain, rule.target));
    }
  }
  return rules;
}

template <class Visit>
void PacketJudge::each_condition(IpFamily family, PacketHook hook, const Visit& visit) const {
  const auto of = [&](PacketHook at) {
    for (const auto* rule : reachable(family, at)) {
      for (const auto& condition : rule->conditions) visit(condition);
    }
  };
  of(hook);
  if (hook == PacketHook::input || hook == PacketHook::forward) of(PacketHook::prerouting);
}

PacketPlaces<std::string> PacketJudge::interfaces(IpFamily family, PacketHook hook) const {
  Places<std::string> places(std::string(other_interface), max_interfaces, "interfaces");
  each_condition(family, hook, [&](const PacketCondition& condition) {
    if (condition.kind != Kind::in_interface && condition.kind != Kind::out_interface) return;
    for (const auto& name : condition.names) {
      if (name != "*") places.add(name.substr(0, name.find('*')));
    }
  });
  return places.told();
}

PacketPlaces<std::uint16_t> PacketJudge::ports(IpFamily family, PacketHook hook) const {
  Places<std::uint16_t> places(1, max_ports, "borders between ports");
  each_condition(family, hook, [&](const PacketCondition& condition) {
    if (condition.kind != Kind::destination_port) return;
    for (const auto& range : condition.ranges) {
      places.add(static_cast<std::uint16_t>(range.first.low));
      if (range.last.low < 65535) places.add(static_cast<std::uint16_t>(range.last.low + 1));
    }
  });
  return places.told();
}

std::optional<bool> names_port(const PacketRule& rule, IpFamily family, std::uint8_t protocol, std::uint16_t port) {
  if (rule.verdict == PacketVerdict::none || rule.verdict == PacketVerdict::back) return false;
  bool named = false;
  bool doubtful = false;
  for (const auto& condition : rule.conditions) {
    switch (condition.kind) {
      case Kind::destination_port: {
        if (in_ranges(condition, {0, port}) == condition.negated) return false;
        const bool all =
            condition.ranges.size() == 1 && condition.ranges[0].last.low - condition.ranges[0].first.low > 65533;
        named = named || (!all && !condition.negated);
        break;
      }
      case Kind::protocol:
        if (in_ranges(condition, {0, protocol}) == condition.negated) return false;
        break;
      case Kind::family:
        if ((condition.family == family) == condition.negated) return false;
        break;
      case Kind::source:
      case Kind::destination:
        if (condition.family != family) return false;
        break;
      case Kind::unknown_port:
        doubtful = true;
        break;
      case Kind::in_interface:
        // What is said of the loopback interface alone says nothing of the network.
        if (!condition.negated && condition.names == std::vector<std::string>{"lo"}) return false;
        break;
      case Kind::opening:
        if (protocol != 6) return false;
        break;
      case Kind::out_interface:
      case Kind::source_port:
      case Kind::state:
      case Kind::local_destination:
      case Kind::unknown:
        break;
    }
  }
  if (doubtful) return std::nullopt;
  return named;
}

std::string_view name_of(IpFamily family) {
  return family == IpFamily::ipv4 ? "ipv4" : "ipv6";
}

std::string_view name_of(PacketHook hook) {
  switch (hook) {
    case PacketHook::prerouting:
      return "prerouting";
    case PacketHook::input:
      return "input";
    case PacketHook::forward:
      return "forward";
    case PacketHook::output:
      return "output";
    case PacketHook::postrouting:
      return "postrouting";
  }
  return {};
}

}  // namespace plimsoll::formats
