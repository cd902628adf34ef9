#include "engine/formats/packet_text.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>
#include <string_view>

namespace plimsoll::formats {
namespace {

using Kind = PacketCondition::Kind;

std::string number_text(const PacketRange& range, const PacketCondition& condition) {
  const auto address = [&](PacketNumber number) {
    if (condition.family == IpFamily::ipv4) {
      return fmt::format("{}.{}.{}.{}", number.low >> 24U & 255U, number.low >> 16U & 255U, number.low >> 8U & 255U,
                         number.low & 255U);
    }
    std::string text;
    for (int i = 0; i < 8; ++i) {
      const auto word = i < 4 ? number.high >> (48 - 16 * i) : number.low >> (48 - 16 * (i - 4));
      text += fmt::format("{}{:x}", i == 0 ? "" : ":", word & 0xffffU);
    }
    return text;
  };
  const bool is_address = condition.kind == Kind::source || condition.kind == Kind::destination;
  const auto one = [&](PacketNumber number) { return is_address ? address(number) : fmt::format("{}", number.low); };
  return range.first == range.last ? one(range.first) : fmt::format("{}-{}", one(range.first), one(range.last));
}

std::string_view word_of(const PacketCondition& condition) {
  switch (condition.kind) {
    case Kind::in_interface:
      return "iifname";
    case Kind::out_interface:
      return "oifname";
    case Kind::source:
      return condition.family == IpFamily::ipv4 ? "ip saddr" : "ip6 saddr";
    case Kind::destination:
      return condition.family == IpFamily::ipv4 ? "ip daddr" : "ip6 daddr";
    case Kind::protocol:
      return "meta l4proto";
    case Kind::source_port:
      return "th sport";
    case Kind::destination_port:
      return "th dport";
    case Kind::state:
      return "ct state";
    case Kind::family:
      return "meta nfproto";
    case Kind::opening:
      return "tcp flags syn";
    case Kind::local_destination:
      return "fib daddr type local";
    case Kind::unknown:
    case Kind::unknown_port:
      break;
  }
  return "(another condition)";
}

}  // namespace

std::string text_of(const PacketRule& rule) {
  std::string text;
  for (const auto& condition : rule.conditions) {
    text += text.empty() ? "" : " ";
    text += word_of(condition);
    if (condition.kind == Kind::unknown || condition.kind == Kind::unknown_port) continue;
    if (condition.negated) text += " !=";
    auto items = condition.names;
    for (const auto& range : condition.ranges) items.push_back(number_text(range, condition));
    if (condition.kind == Kind::family) items = {std::string(name_of(condition.family))};
    if (items.size() > 20) items.resize(20);
    if (!items.empty()) text += items.size() == 1 ? ' ' + items[0] : fmt::format(" {{ {} }}", fmt::join(items, ", "));
  }
  constexpr std::array<std::string_view, 8> words = {"", "accept", "drop", "reject", "jump", "goto", "return", "queue"};
  const auto word = words.at(static_cast<std::size_t>(rule.verdict));
  if (!word.empty()) text += fmt::format("{}{}", text.empty() ? "" : " ", word);
  if (!rule.target.empty()) text += ' ' + rule.target;
  return text.empty() ? "(counts or logs)" : text;
}

}  // namespace plimsoll::formats
