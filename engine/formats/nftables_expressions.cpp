#include "engine/formats/nftables_expressions.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "engine/formats/nftables_attributes.hpp"
#include "engine/formats/packet_text.hpp"
#include "engine/formats/xtables.hpp"

namespace plimsoll::formats {
namespace {

using Kind = PacketCondition::Kind;

/// What a register holds while a rule is read.
struct Loaded {
  Kind kind = Kind::unknown;
  IpFamily family = IpFamily::ipv4;
  bool interface_index = false;
  bool both_ports = false;  ///< four bytes: source and destination port
  std::string mask = {};    ///< after a bitwise expression
  bool concatenated = false;
};

PacketNumber number_of(std::string_view bytes) {
  PacketNumber number;
  for (const char c : bytes.substr(0, 16)) {
    number.high = number.high << 8U | number.low >> 56U;
    number.low = number.low << 8U | static_cast<unsigned char>(c);
  }
  return number;
}

std::string name_in(std::string_view bytes) {
  // A name that fills no whole field was written with a star: "veth*".
  const auto end = bytes.find('\0');
  std::string name(bytes.substr(0, end));
  if (end == std::string_view::npos && bytes.size() < 16) name += '*';
  return name;
}

constexpr std::array<std::pair<std::uint32_t, std::string_view>, 5> state_bits = {
    {{1, "invalid"}, {2, "established"}, {4, "related"}, {8, "new"}, {64, "untracked"}}};

std::uint32_t host_number(std::string_view bytes) {
  std::uint32_t value = 0;
  if (bytes.size() >= 4) std::memcpy(&value, bytes.data(), 4);
  return value;
}

std::vector<std::string> states_of(std::uint32_t bits) {
  std::vector<std::string> names;
  for (const auto& [bit, name] : state_bits) {
    if ((bits & bit) != 0) names.emplace_back(name);
  }
  return names;
}

/// Registers of 16 bytes are four of 4 bytes each.
std::uint32_t plain(std::uint32_t name) {
  return name >= 1 && name <= 4 ? 8 + (name - 1) * 4 : name;
}

class Reader {
 public:
  explicit Reader(const NftablesElements& elements) : elements_(elements) {}

  std::vector<PacketRule> read(std::string_view list) {
    const NetlinkAttributes expressions(list);
    if (!expressions.whole()) unknown();
    for (const auto& [type, payload] : expressions.items()) {
      if (rule_.verdict != PacketVerdict::none || !made_.empty()) break;
      const NetlinkAttributes expression(payload);
      one(expression.text(1), expression.nested(2));
    }
    if (made_.empty()) made_.push_back(std::move(rule_));
    for (auto& rule : made_) rule.text = text_of(rule);
    return std::move(made_);
  }

 private:
  void unknown(Kind about = Kind::unknown) {
    rule_.conditions.push_back({.kind = about == Kind::destination_port ? Kind::unknown_port : Kind::unknown});
  }

  void one(const std::string& name, const NetlinkAttributes& data) {
    if (name == "meta" || name == "payload" || name == "ct") return load(name, data);
    if (name == "cmp") return compare(data);
    if (name == "range") return between(data);
    if (name == "bitwise") return masked(data);
    if (name == "lookup") return look_up(data);
    if (name == "immediate") return immediate(data);
    if (name == "reject") rule_.verdict = PacketVerdict::reject;
    if (name == "queue") rule_.verdict = PacketVerdict::queue;
    if (name == "objref") return named_object(data);
    if (name == "match")
      return add_xtables_match(data.text(1), data.bytes(3).value_or(std::string_view{}), rule_.conditions);
    if (name == "target") {
      rule_.verdict = verdict_of_xtables(data.text(1));
      return;
    }
    constexpr std::array<std::string_view, 6> indifferent = {"counter", "log", "notrack", "last", "reject", "queue"};
    if (std::find(indifferent.begin(), indifferent.end(), name) == indifferent.end()) unknown();
  }

  /// `counter name x`, `ct helper set`: those objects let every packet go on; a quota or a limit does not.
  void named_object(const NetlinkAttributes& data) {
    constexpr std::uint32_t counter = 1, helper = 3, timeout = 7, security_mark = 8, expectation = 9;
    constexpr std::array indifferent = {counter, helper, timeout, security_mark, expectation};
    const auto type = data.number(1).value_or(0);
    if (std::find(indifferent.begin(), indifferent.end(), type) == indifferent.end()) unknown();
  }

  void load(const std::string& name, const NetlinkAttributes& data) {
    const bool payload = name == "payload";
    const auto destination = data.number(1);
    if (!destination) return;  // it writes: marks, priorities
    Loaded loaded;
    if (name == "meta") {
      constexpr std::uint32_t protocol = 1, iif = 4, oif = 5, iifname = 6, oifname = 7, nfproto = 15, l4proto = 16;
      const auto key = data.number(2).value_or(~0U);
      if (key == iif || key == iifname) loaded.kind = Kind::in_interface;
      if (key == oif || key == oifname) loaded.kind = Kind::out_interface;
      if (key == nfproto) loaded.kind = Kind::family;
      if (key == l4proto) loaded.kind = Kind::protocol;
      loaded.interface_index = key == iif || key == oif;
      if (key == protocol) loaded.kind = Kind::family, loaded.mask = "ethertype";
    } else if (name == "ct") {
      constexpr std::uint32_t state = 0;
      if (data.number(2) == state) loaded.kind = Kind::state;
    } else if (payload) {
      const auto base = data.number(2).value_or(0);
      const auto offset = data.number(3).value_or(~0U);
      const auto length = data.number(4).value_or(0);
      constexpr std::uint32_t network = 1, transport = 2;
      if (base == network) network_field(loaded, offset, length);
      if (base == transport && length == 2 && offset == 0) loaded.kind = Kind::source_port;
      if (base == transport && length == 2 && offset == 2) loaded.kind = Kind::destination_port;
      if (base == transport && length == 4 && offset == 0)
        loaded.kind = Kind::destination_port, loaded.both_ports = true;
      if (base == transport && length == 1 && offset == 13) loaded.kind = Kind::opening;
    }
    // What is loaded behind another value is compared together with it.
    const auto place = plain(*destination);
    loaded.concatenated = place != 8;
    if (loaded.concatenated && registers_.contains(8)) registers_[8].concatenated = true;
    registers_[place] = std::move(loaded);
  }

  void network_field(Loaded& loaded, std::uint32_t offset, std::uint32_t length) const {
    // An inet table says before which family it means; the length of addresses tells as well.
    if (length <= 4 && offset == 12) loaded.kind = Kind::source;
    if (length <= 4 && offset == 16) loaded.kind = Kind::destination;
    if (length == 1 && offset == 9) loaded.kind = Kind::protocol;
    if (length == 16 && (offset == 8 || offset == 24)) {
      loaded.kind = offset == 8 ? Kind::source : Kind::destination;
      loaded.family = IpFamily::ipv6;
    }
    if (length == 1 && offset == 6) loaded.kind = Kind::protocol;
    // A prefix of whole bytes is loaded as so many bytes.
    if (length < 16 && length > 1 && (offset == 8 || offset == 24)) {
      loaded.kind = offset == 8 ? Kind::source : Kind::destination;
      loaded.family = IpFamily::ipv6;
    }
  }

  Loaded* from(const NetlinkAttributes& data, std::uint16_t type) {
    const auto found = registers_.find(plain(data.number(type).value_or(0)));
    return found == registers_.end() ? nullptr : &found->second;
  }

  /// Whether the bytes, as much as were loaded, and a mask, are one condition. Adds it when they are.
  bool add(const Loaded& loaded, std::string_view first, std::string_view last, PacketCondition& condition) {
    condition.kind = loaded.kind;
    condition.family = loaded.family;
    if (loaded.concatenated || loaded.both_ports || first.empty()) return false;
    switch (loaded.kind) {
      case Kind::in_interface:
      case Kind::out_interface:
        if (loaded.interface_index) {
          // The loopback interface is the first of every name space; others are known by their number alone.
          condition.names.push_back(host_number(first) == 1 ? "lo" : fmt::format("#{}", host_number(first)));
        } else {
          condition.names.push_back(name_in(first));
        }
        return true;
      case Kind::family: {
        const bool ethertype = loaded.mask == "ethertype";
        const auto value = number_of(first).low;
        condition.family = value == (ethertype ? 0x86ddU : 10U) ? IpFamily::ipv6 : IpFamily::ipv4;
        return value == 2 || value == 10 || (ethertype && (value == 0x0800 || value == 0x86dd));
      }
      case Kind::source:
      case Kind::destination:
        condition.ranges.push_back(addresses(loaded, first, last));
        return true;
      case Kind::protocol:
      case Kind::source_port:
      case Kind::destination_port:
        if (!loaded.mask.empty()) return false;
        condition.ranges.push_back({number_of(first), number_of(last)});
        return true;
      case Kind::state:
        // In a set or map, elements are single states.
        for (auto& name : states_of(host_number(first))) condition.names.push_back(std::move(name));
        return true;
      case Kind::opening:
        return !loaded.mask.empty() && number_of(first).low == 2 && (number_of(loaded.mask).low & 2U) != 0;
      case Kind::local_destination:
      case Kind::unknown:
      case Kind::unknown_port:
        break;
    }
    return false;
  }

  static PacketRange addresses(const Loaded& loaded, std::string_view first, std::string_view last) {
    const std::size_t width = loaded.family == IpFamily::ipv4 ? 4 : 16;
    std::string low(first.substr(0, width));
    std::string high(last.substr(0, width));
    // Bytes beyond those compared may be anything, and so may bits that a mask took away.
    if (!loaded.mask.empty()) {
      for (std::size_t i = 0; i < std::min(high.size(), loaded.mask.size()); ++i) {
        high[i] = static_cast<char>(static_cast<unsigned char>(high[i]) |
                                    (~static_cast<unsigned char>(loaded.mask[i]) & 0xffU));
      }
    }
    low.resize(width, '\0');
    high.resize(width, '\xff');
    return {number_of(low), number_of(high)};
  }

  void compare(const NetlinkAttributes& data) {
    auto* loaded = from(data, 1);
    const auto operation = data.number(2).value_or(~0U);
    const auto value = data.nested(3).bytes(1).value_or(std::string_view{});
    PacketCondition condition;
    if (loaded == nullptr) return unknown();
    if (loaded->kind == Kind::state && !loaded->mask.empty()) {
      // `ct state a,b` is (state & (a|b)) != 0.
      if (operation > 1 || host_number(value) != 0) return unknown();
      condition.kind = Kind::state;
      condition.names = states_of(host_number(loaded->mask));
      condition.negated = operation == 0;
      rule_.conditions.push_back(std::move(condition));
      return;
    }
    if (operation <= 1) {
      if (!add(*loaded, value, value, condition)) return unknown(loaded->kind);
      condition.negated = operation == 1;
      rule_.conditions.push_back(std::move(condition));
      return;
    }
    order(*loaded, operation, value);
  }

  /// Ports in order, and whole addresses: a range of them is two comparisons for some versions of nft.
  void order(const Loaded& loaded, std::uint32_t operation, std::string_view value) {
    const bool ports = loaded.kind == Kind::destination_port || loaded.kind == Kind::source_port;
    const bool addresses = loaded.kind == Kind::destination || loaded.kind == Kind::source;
    const std::size_t width = ports ? 2 : loaded.family == IpFamily::ipv4 ? 4 : 16;
    if ((!ports && !addresses) || loaded.concatenated || loaded.both_ports || !loaded.mask.empty() ||
        value.size() != width)
      return unknown(loaded.kind);
    constexpr std::uint32_t less = 2, at_most = 3, more = 4, at_least = 5;
    const PacketNumber all = number_of(std::string(width, '\xff'));
    const PacketNumber number = number_of(value);
    PacketCondition condition{.kind = loaded.kind, .family = loaded.family};
    if (operation == at_most) condition.ranges = {{{}, number}};
    if (operation == at_least) condition.ranges = {{number, all}};
    if (operation == less && number.low != 0) condition.ranges = {{{}, {number.high, number.low - 1}}};
    if (operation == more && number.low < all.low) condition.ranges = {{{number.high, number.low + 1}, all}};
    if (condition.ranges.empty()) return unknown(loaded.kind);
    rule_.conditions.push_back(std::move(condition));
  }

  void between(const NetlinkAttributes& data) {
    auto* loaded = from(data, 1);
    PacketCondition condition;
    const auto first = data.nested(3).bytes(1).value_or(std::string_view{});
    const auto last = data.nested(4).bytes(1).value_or(std::string_view{});
    if (loaded == nullptr || !add(*loaded, first, last, condition))
      return unknown(loaded == nullptr ? Kind::unknown : loaded->kind);
    condition.negated = data.number(2) == 1U;
    rule_.conditions.push_back(std::move(condition));
  }

  void masked(const NetlinkAttributes& data) {
    auto* loaded = from(data, 1);
    if (loaded == nullptr) return;
    auto changed = *loaded;
    const auto operation = data.number(6).value_or(0);
    const auto mask = data.nested(4).bytes(1).value_or(std::string_view{});
    const auto flip = data.nested(5).bytes(1).value_or(std::string_view{});
    const bool flips = flip.find_first_not_of('\0') != std::string_view::npos;
    if (operation != 0 || flips || !changed.mask.empty())
      changed.kind = changed.kind == Kind::destination_port ? Kind::unknown_port : Kind::unknown;
    changed.mask = mask;
    registers_[plain(data.number(2).value_or(0))] = std::move(changed);
  }

  void look_up(const NetlinkAttributes& data) {
    const auto* loaded = from(data, 2);
    const auto* set = elements_(data.text(1));
    const bool map = data.number(3).has_value();
    const auto about = loaded == nullptr ? Kind::unknown : loaded->kind;
    if (loaded == nullptr || set == nullptr || (map && data.number(3) != 0U)) {
      unknown(about);
      if (map && data.number(3) == 0U) rule_.verdict = PacketVerdict::queue;
      return;
    }
    if (map) return verdict_map(*loaded, *set);
    PacketCondition all;
    for (const auto& element : *set) {
      if (!add(*loaded, element.first, element.last, all)) return unknown(about);
    }
    if (set->empty()) return unknown(about);
    all.negated = (data.number(5).value_or(0) & 1U) != 0;
    rule_.conditions.push_back(std::move(all));
  }

  void verdict_map(const Loaded& loaded, const std::vector<NftablesElement>& set) {
    for (const auto& element : set) {
      auto rule = rule_;
      PacketCondition condition;
      if (!add(loaded, element.first, element.last, condition)) {
        condition = {.kind = loaded.kind == Kind::destination_port ? Kind::unknown_port : Kind::unknown};
      }
      rule.conditions.push_back(std::move(condition));
      rule.verdict = element.verdict;
      rule.target = element.target;
      made_.push_back(std::move(rule));
    }
  }

  void immediate(const NetlinkAttributes& data) {
    constexpr std::uint32_t verdict_register = 0;
    if (data.number(1) != verdict_register) return;
    const auto verdict = data.nested(2).bytes(2);
    if (!verdict || !decode_verdict(*verdict, rule_.verdict, rule_.target)) rule_.verdict = PacketVerdict::queue;
  }

  const NftablesElements& elements_;
  std::map<std::uint32_t, Loaded> registers_;
  PacketRule rule_;
  std::vector<PacketRule> made_;
};

}  // namespace

bool decode_verdict(std::string_view bytes, PacketVerdict& verdict, std::string& target) {
  const NetlinkAttributes attributes(bytes);
  const auto code = attributes.number(1);
  if (!code) return false;
  switch (static_cast<std::int32_t>(*code)) {
    case 0:
      verdict = PacketVerdict::drop;
      return true;
    case 1:
      verdict = PacketVerdict::accept;
      return true;
    case 3:
      verdict = PacketVerdict::queue;
      return true;
    case -1:
    case -2:
      verdict = PacketVerdict::none;
      return true;
    case -3:
    case -4:
      verdict = static_cast<std::int32_t>(*code) == -3 ? PacketVerdict::jump : PacketVerdict::go_to;
      target = attributes.text(2);
      return true;
    case -5:
      verdict = PacketVerdict::back;
      return true;
    default:
      return false;
  }
}

std::vector<PacketRule> decode_nftables_expressions(std::string_view list, const NftablesElements& elements) {
  return Reader(elements).read(list);
}

}  // namespace plimsoll::formats
