#include "engine/formats/limits_conf.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

/// Whether a domain with a colon is a range of ids: digits on one side of it at least, and nothing else.
bool is_range(std::string_view domain) {
  if (domain.starts_with('@') || domain.starts_with('%')) domain.remove_prefix(1);
  const auto colon = domain.find(':');
  const auto is_number = [](std::string_view text) { return std::ranges::all_of(text, is_digit); };
  return domain.size() > 1 && is_number(domain.substr(0, colon)) && is_number(domain.substr(colon + 1));
}

std::optional<std::int64_t> limit_value(std::string_view written) {
  constexpr std::array<std::string_view, 4> unlimited = {"-1", "-", "unlimited", "infinity"};
  if (std::ranges::find(unlimited, written) != unlimited.end()) return -1;
  const bool negative = written.starts_with('-');
  if (negative || written.starts_with('+')) written.remove_prefix(1);
  constexpr std::int64_t most = 1'000'000'000'000'000;
  std::optional<std::int64_t> number;
  for (const char c : written) {
    if (!is_digit(c)) break;
    number = std::min(most, number.value_or(0) * 10 + (c - '0'));
  }
  if (number && negative && *number != 0) return -1;  // strtoull(3) makes it a number beyond all limits
  return number;
}

}  // namespace

std::vector<LimitLine> parse_limits_conf(std::string_view text) {
  std::vector<LimitLine> lines;
  std::uint32_t number = 0;
  while (!text.empty()) {
    auto rest = take_line(text);
    ++number;
    rest = rest.substr(0, rest.find('#'));
    const auto begin = std::ranges::find_if_not(rest, is_white);
    rest.remove_prefix(static_cast<std::size_t>(begin - rest.begin()));
    LimitLine line;
    line.line = number;
    line.domain = take_word(rest);
    const auto type = lower_case(take_word(rest));
    line.item = lower_case(take_word(rest));
    const auto value_begin = std::min(rest.find_first_not_of(" \t"), rest.size());
    const auto value = lower_case(rest.substr(value_begin));
    if (line.domain.find(':') != std::string::npos && !is_range(line.domain)) continue;
    if (value.empty()) {
      line.exempt = line.item.empty() && type.starts_with('-');
      if (line.exempt) lines.push_back(std::move(line));
      continue;
    }
    line.soft = type == "soft" || type == "-";
    line.hard = type == "hard" || type == "-";
    const auto parsed = limit_value(value.substr(0, value.find_last_not_of(" \t") + 1));
    if (!parsed || (!line.soft && !line.hard)) continue;
    line.value = *parsed;
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace plimsoll::formats
