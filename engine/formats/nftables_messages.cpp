#include "engine/formats/nftables_messages.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/formats/nftables_attributes.hpp"
#include "engine/formats/nftables_expressions.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t header_bytes = 4;  // struct nfgenmsg

std::uint8_t family_number(std::string_view message) {
  return message.empty() ? 0 : static_cast<std::uint8_t>(message.front());
}
NetlinkAttributes attributes_of(std::string_view message) {
  return NetlinkAttributes(message.substr(std::min(header_bytes, message.size())));
}
std::string family_name(std::uint8_t number) {
  constexpr std::uint8_t inet = 1, ipv4 = 2, ipv6 = 10;
  return number == inet ? "inet" : number == ipv4 ? "ip" : number == ipv6 ? "ip6" : std::string();
}
std::string title(std::string_view message, std::string_view table, std::string_view name) {
  return fmt::format("{} {} {}", family_name(family_number(message)), table, name);
}

/// The value just below: where an interval ends that the key stands behind.
std::string before(std::string_view key) {
  std::string last(key);
  for (std::size_t i = last.size(); i-- > 0;) {
    const auto byte = static_cast<unsigned char>(last[i]);
    last[i] = static_cast<char>(byte - 1U);
    if (byte != 0) break;
  }
  return last;
}

void add_element(const NetlinkAttributes& element, bool intervals, std::vector<NftablesElement>& elements) {
  constexpr std::uint16_t key_type = 1, data_type = 2, flags_type = 3, key_end_type = 10;
  constexpr std::uint32_t interval_end = 1;
  const auto key = element.nested(key_type).bytes(1).value_or(std::string_view{});
  if ((element.number(flags_type).value_or(0) & interval_end) != 0) {
    // The first value that is no longer part of the interval before it.
    if (elements.empty() || !intervals) return;
    elements.back().last = before(key);
    return;
  }
  // Of neighbours in a map the first has no end of its own.
  if (intervals && !elements.empty() && key <= elements.back().last && key > elements.back().first)
    elements.back().last = before(key);
  NftablesElement made{std::string(key), std::string(element.nested(key_end_type).bytes(1).value_or(key))};
  if (intervals && !element.bytes(key_end_type)) made.last.assign(key.size(), '\xff');  // until its end is met
  if (const auto verdict = element.nested(data_type).bytes(2)) {
    if (!decode_verdict(*verdict, made.verdict, made.target)) made.verdict = PacketVerdict::queue;
  }
  elements.push_back(std::move(made));
}

/// Elements of sets whose elements are known and stay, by title.
std::map<std::string, std::vector<NftablesElement>> elements_of(const NftablesMessages& messages) {
  constexpr std::uint32_t interval = 4, timeout = 16, evaluated = 32, concatenated = 128;
  std::map<std::string, std::uint32_t> flags;
  for (const auto& message : messages.sets) {
    const auto set = attributes_of(message);
    flags[title(message, set.text(1), set.text(2))] = set.number(3).value_or(0);
  }
  // The kernel gives the elements of intervals in no order that may be relied on: ends are sorted in.
  std::map<std::string, std::vector<NetlinkAttributes>> raw;
  for (const auto& message : messages.elements) {
    const auto list = attributes_of(message);
    auto& into = raw[title(message, list.text(1), list.text(2))];
    const auto items = list.nested(3);
    for (const auto& [type, payload] : items.items()) into.emplace_back(payload);
  }
  std::map<std::string, std::vector<NftablesElement>> elements;
  for (auto& [name, found] : raw) {
    const auto of = flags.find(name);
    if (of == flags.end() || (of->second & (timeout | evaluated | concatenated)) != 0) continue;
    const bool intervals = (of->second & interval) != 0;
    const auto key = [](const NetlinkAttributes& element) {
      return element.nested(1).bytes(1).value_or(std::string_view{});
    };
    const auto ends = [](const NetlinkAttributes& element) { return (element.number(3).value_or(0) & 1U) != 0; };
    if (intervals) {
      std::stable_sort(found.begin(), found.end(), [&](const auto& left, const auto& right) {
        // Where one interval ends and the next begins, the end comes first.
        return std::pair(key(left), !ends(left)) < std::pair(key(right), !ends(right));
      });
    }
    auto& into = elements[name];
    for (const auto& element : found) add_element(element, intervals, into);
  }
  return elements;
}

std::optional<PacketHook> hook_of(std::uint32_t number) {
  return number > 4 ? std::nullopt : std::optional(static_cast<PacketHook>(number));
}

}  // namespace

std::vector<NftablesSetName> sets_to_ask_for(const NftablesMessages& messages) {
  std::vector<NftablesSetName> names;
  for (const auto& message : messages.sets) {
    if (family_name(family_number(message)).empty()) continue;
    const auto set = attributes_of(message);
    names.push_back({family_number(message), set.text(1), set.text(2)});
  }
  return names;
}

Result<PacketFilter> decode_nftables(const NftablesMessages& messages) {
  PacketFilter filter;
  for (const auto& message : messages.tables) {
    const auto family = family_name(family_number(message));
    const auto table = attributes_of(message);
    constexpr std::uint32_t dormant = 1;
    if (family.empty()) continue;
    filter.tables.push_back(
        {.family = family, .name = table.text(1), .dormant = (table.number(2).value_or(0) & dormant) != 0});
  }
  std::map<std::string, std::size_t> places;
  for (const auto& message : messages.chains) {
    const auto chain = attributes_of(message);
    const auto family = family_name(family_number(message));
    if (!chain.whole())
      return std::unexpected(Error{Error::Kind::malformed, "the kernel's list of chains is cut short"});
    if (family.empty()) continue;
    PacketChain made{.family = family, .table = chain.text(1), .name = chain.text(3)};
    if (chain.bytes(4)) {
      made.hook = hook_of(chain.nested(4).number(1).value_or(~0U));
      made.type = chain.text(7);
      constexpr std::uint32_t drop = 0;
      made.drops = chain.number(5) == drop;
    }
    places[made.title()] = filter.chains.size();
    filter.chains.push_back(std::move(made));
  }
  const auto elements = elements_of(messages);
  for (const auto& message : messages.rules) {
    const auto rule = attributes_of(message);
    const auto place = places.find(title(message, rule.text(1), rule.text(2)));
    if (!rule.whole()) return std::unexpected(Error{Error::Kind::malformed, "the kernel's list of rules is cut short"});
    if (place == places.end()) continue;
    auto& chain = filter.chains[place->second];
    auto made = decode_nftables_expressions(rule.bytes(4).value_or(std::string_view{}), [&](std::string_view name) {
      const auto found = elements.find(fmt::format("{} {} {}", chain.family, chain.table, name));
      return found == elements.end() ? nullptr : &found->second;
    });
    std::move(made.begin(), made.end(), std::back_inserter(chain.rules));
  }
  return filter;
}

}  // namespace plimsoll::formats
