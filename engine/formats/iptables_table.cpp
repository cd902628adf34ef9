#include "engine/formats/iptables_table.hpp"

#include <fmt/core.h>

#include <bit>
#include <cstring>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/formats/packet_text.hpp"
#include "engine/formats/xtables.hpp"

namespace plimsoll::formats {
namespace {

using Kind = PacketCondition::Kind;

/// Where the members of struct ipt_entry and ip6t_entry lie: the same on every 64-bit architecture.
struct Layout {
  std::size_t address_bytes;
  std::size_t interfaces;  // behind the two addresses and their masks: names of 16 bytes, then their masks
  std::size_t protocol;    // 16 bits
  std::size_t flags;       // 8 bits each
  std::size_t inverted;
  std::size_t target_offset;  // 16 bits each, from the beginning of the entry
  std::size_t next_offset;
  std::size_t size;
  unsigned has_protocol;  // a bit of flags without which the protocol says nothing; 0: it always counts
  unsigned fragments;     // bits of flags that ask something else
  unsigned go_to;
};
constexpr Layout layout_of_ipv4 = {4, 16, 80, 82, 83, 88, 90, 112, 0, 1, 2};
constexpr Layout layout_of_ipv6 = {16, 64, 128, 131, 132, 140, 142, 168, 1, 2, 4};

constexpr unsigned inverted_in = 1, inverted_out = 2, inverted_source = 8, inverted_destination = 16,
                   inverted_protocol = 64;
constexpr std::size_t interface_bytes = 16;
constexpr std::size_t extension_header = 32;  // struct xt_entry_match, xt_entry_target: size, name, revision
constexpr std::size_t name_bytes = 29;

constexpr std::array<std::pair<PacketHook, const char*>, 5> hooks = {{{PacketHook::prerouting, "PREROUTING"},
                                                                      {PacketHook::input, "INPUT"},
                                                                      {PacketHook::forward, "FORWARD"},
                                                                      {PacketHook::output, "OUTPUT"},
                                                                      {PacketHook::postrouting, "POSTROUTING"}}};

template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number number = 0;
  if (at + sizeof number <= bytes.size()) std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

std::string_view name_at(std::string_view bytes, std::size_t at, std::size_t length) {
  const auto name = bytes.substr(at, length);
  return name.substr(0, name.find('\0'));
}

PacketNumber address_at(std::string_view bytes) {
  PacketNumber number;
  for (const char c : bytes) {
    number.high = number.high << 8U | number.low >> 56U;
    number.low = number.low << 8U | static_cast<unsigned char>(c);
  }
  return number;
}

/// One entry: conditions, matches and a target.
class Entry {
 public:
  Entry(std::string_view bytes, IpFamily family)
      : bytes_(bytes), family_(family), layout_(family == IpFamily::ipv4 ? layout_of_ipv4 : layout_of_ipv6) {}

  [[nodiscard]] std::size_t target_at() const { return number_at<std::uint16_t>(bytes_, layout_.target_offset); }
  [[nodiscard]] std::string_view target() const { return name_at(bytes_, target_at() + 2, name_bytes); }
  [[nodiscard]] std::int32_t verdict() const { return number_at<std::int32_t>(bytes_, target_at() + extension_header); }
  /// Of the entry before a chain that a user made.
  [[nodiscard]] std::string_view chain_name() const {
    return name_at(bytes_, target_at() + extension_header, name_bytes + 1);
  }
  [[nodiscard]] bool goes_to() const { return (flags() & layout_.go_to) != 0; }

  /// False where the sizes of matches do not fit.
  bool add_conditions(std::vector<PacketCondition>& conditions) const {
    add_interface(Kind::in_interface, 0, inverted_in, conditions);
    add_interface(Kind::out_interface, 1, inverted_out, conditions);
    add_addresses(Kind::source, 0, inverted_source, conditions);
    add_addresses(Kind::destination, 1, inverted_destination, conditions);
    const auto protocol = number_at<std::uint16_t>(bytes_, layout_.protocol);
    if (protocol != 0 && (layout_.has_protocol == 0 || (flags() & layout_.has_protocol) != 0)) {
      conditions.push_back({.kind = Kind::protocol,
                            .negated = is_inverted(inverted_protocol),
                            .ranges = {{{0, protocol}, {0, protocol}}}});
    }
    if ((flags() & layout_.fragments) != 0) conditions.push_back({});
    return add_matches(conditions);
  }

 private:
  [[nodiscard]] unsigned flags() const { return number_at<std::uint8_t>(bytes_, layout_.flags); }
  [[nodiscard]] bool is_inverted(unsigned bit) const {
    return (number_at<std::uint8_t>(bytes_, layout_.inverted) & bit) != 0;
  }

  /// The mask tells how much of a name is compared: with its end, or less for `eth+`.
  void add_interface(Kind kind, std::size_t which, unsigned inverted, std::vector<PacketCondition>& conditions) const {
    const auto mask = bytes_.substr(layout_.interfaces + (2 + which) * interface_bytes, interface_bytes);
    const auto compared = mask.find('\0') == std::string_view::npos ? mask.size() : mask.find('\0');
    if (compared == 0) return;
    const auto name = bytes_.substr(layout_.interfaces + which * interface_bytes, compared);
    std::string shown(name.substr(0, name.find('\0')));
    if (name.find('\0') == std::string_view::npos && compared < interface_bytes) shown += '*';
    conditions.push_back({.kind = kind, .negated = is_inverted(inverted), .names = {std::move(shown)}});
  }

  void add_addresses(Kind kind, std::size_t which, unsigned inverted, std::vector<PacketCondition>& conditions) const {
    const auto size = layout_.address_bytes;
    const auto address = address_at(bytes_.substr(which * size, size));
    const auto mask = address_at(bytes_.substr((2 + which) * size, size));
    if (mask == PacketNumber{}) return;
    PacketNumber free{~mask.high, ~mask.low};
    if (family_ == IpFamily::ipv4) free = {0, free.low & 0xffffffffU};
    const bool contiguous =
        free.high == 0 ? (free.low & (free.low + 1)) == 0 : ~free.low == 0 && (free.high & (free.high + 1)) == 0;
    if (!contiguous) {
      conditions.push_back({});
      return;
    }
    const PacketNumber first{address.high & mask.high, address.low & mask.low};
    conditions.push_back({.kind = kind,
                          .negated = is_inverted(inverted),
                          .family = family_,
                          .ranges = {{first, {first.high | free.high, first.low | free.low}}}});
  }

  bool add_matches(std::vector<PacketCondition>& conditions) const {
    for (std::size_t at = layout_.size; at < target_at();) {
      const std::size_t size = number_at<std::uint16_t>(bytes_, at);
      if (size < extension_header || size > target_at() - at) return false;
      add_xtables_match(name_at(bytes_, at + 2, name_bytes),
                        bytes_.substr(at + extension_header, size - extension_header), conditions);
      at += size;
    }
    return true;
  }

  std::string_view bytes_;
  IpFamily family_;
  const Layout& layout_;
};

class Decoder {
 public:
  explicit Decoder(const IptablesTable& table)
      : table_(table), layout_(table.family == IpFamily::ipv4 ? layout_of_ipv4 : layout_of_ipv6) {}

  Result<std::vector<PacketChain>> decode() {
    if (!find_entries()) return std::unexpected(wrong());
    for (const auto& [at, entry] : entries_) {
      if (!take(at, entry)) return std::unexpected(wrong());
    }
    return std::move(chains_);
  }

 private:
  [[nodiscard]] Error wrong() const {
    return {
        Error::Kind::malformed,
        fmt::format("the kernel's answer about the table {} of iptables-legacy does not fit together", table_.name)};
  }

  /// All entries by where they begin, and the names of chains by where their first rule stands.
  bool find_entries() {
    const std::string_view bytes = table_.entries;
    for (std::size_t at = 0; at < bytes.size();) {
      const auto rest = bytes.substr(at);
      const std::size_t target = number_at<std::uint16_t>(rest, layout_.target_offset);
      const std::size_t next = number_at<std::uint16_t>(rest, layout_.next_offset);
      if (rest.size() < layout_.size || target < layout_.size || next > rest.size() ||
          next < target + extension_header + sizeof(std::int32_t)) {
        return false;
      }
      const Entry entry(rest.substr(0, next), table_.family);
      entries_.emplace(at, entry);
      at += next;
      if (entry.target() == "ERROR" && at < bytes.size()) names_.emplace(at, entry.chain_name());
    }
    return true;
  }

  void begin_chain(std::string_view name, std::optional<PacketHook> hook) {
    PacketChain chain{.family = table_.family == IpFamily::ipv4 ? "ip" : "ip6",
                      .table = table_.name,
                      .name = std::string(name),
                      .hook = hook};
    if (hook) chain.type = table_.name == "nat" ? "nat" : "filter";
    chains_.push_back(std::move(chain));
  }

  bool take(std::size_t at, const Entry& entry) {
    if (const auto found = names_.find(at); found != names_.end()) begin_chain(found->second, {});
    bool is_policy = false;
    for (std::size_t i = 0; i < hooks.size(); ++i) {
      if ((table_.valid_hooks >> i & 1U) == 0) continue;
      if (table_.hook_entry[i] == at) begin_chain(hooks[i].second, hooks[i].first);
      is_policy = is_policy || table_.underflow[i] == at;
    }
    if (entry.target() == "ERROR") return true;  // no rule: a chain begins behind it, or the table ends
    if (chains_.empty()) return false;
    auto& chain = chains_.back();
    if (is_policy) {
      chain.drops = entry.verdict() == -1;
      return true;
    }
    PacketRule rule;
    if (!entry.add_conditions(rule.conditions) || !set_verdict(at, entry, rule)) return false;
    rule.text = text_of(rule);
    chain.rules.push_back(std::move(rule));
    return true;
  }

  /// The unnamed target holds a verdict, or where to go on: at the first rule of a chain, or at the next entry, for a
  /// rule that only counts.
  bool set_verdict(std::size_t at, const Entry& entry, PacketRule& rule) const {
    if (!entry.target().empty()) {
      rule.verdict = verdict_of_xtables(entry.target());
      return true;
    }
    constexpr std::int32_t drop = -1, accept = -2, queue = -4, back = -5;
    const auto verdict = entry.verdict();
    if (verdict >= 0) {
      const auto next = std::next(entries_.find(at));
      if (next != entries_.end() && next->first == static_cast<std::size_t>(verdict)) return true;
      const auto chain = names_.find(static_cast<std::size_t>(verdict));
      if (chain == names_.end()) return false;
      rule.verdict = entry.goes_to() ? PacketVerdict::go_to : PacketVerdict::jump;
      rule.target = chain->second;
      return true;
    }
    switch (verdict) {
      case drop:
        rule.verdict = PacketVerdict::drop;
        return true;
      case accept:
        rule.verdict = PacketVerdict::accept;
        return true;
      case queue:
        rule.verdict = PacketVerdict::queue;
        return true;
      case back:
        rule.verdict = PacketVerdict::back;
        return true;
      default:
        return false;
    }
  }

  const IptablesTable& table_;
  const Layout& layout_;
  std::map<std::size_t, Entry> entries_;
  std::map<std::size_t, std::string_view> names_;
  std::vector<PacketChain> chains_;
};

}  // namespace

Result<std::vector<PacketChain>> decode_iptables_table(const IptablesTable& table) {
  return Decoder(table).decode();
}

}  // namespace plimsoll::formats
