#include "engine/formats/pam_settings.hpp"

#include <algorithm>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"

namespace plimsoll::formats {
namespace {

/// More digits than any number that counts has.
constexpr std::int64_t most = 1'000'000'000'000;

struct Scanned {
  bool negative = false;
  std::optional<std::int64_t> number;  ///< without its sign
};

Scanned scan(std::string_view text) {
  const auto begin = std::ranges::find_if_not(text, is_white);
  text.remove_prefix(static_cast<std::size_t>(begin - text.begin()));
  Scanned scanned;
  if (text.starts_with('-') || text.starts_with('+')) {
    scanned.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  for (const char c : text) {
    if (!is_digit(c)) break;
    scanned.number = std::min(most, scanned.number.value_or(0) * 10 + (c - '0'));
  }
  return scanned;
}

}  // namespace

PamSettings parse_pam_settings(std::string_view text, std::size_t max_line) {
  PamSettings found;
  std::uint32_t number = 0;
  while (!text.empty()) {
    auto line = take_line(text);
    ++number;
    if (max_line != 0 && line.size() >= max_line) {
      found.too_long = number;
      return found;
    }
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    const auto name_end = std::ranges::find_if(line, [](char c) { return is_white(c) || c == '='; });
    const auto name = line.substr(0, static_cast<std::size_t>(name_end - line.begin()));
    auto rest = line.substr(name.size());
    bool equals = false;  // one sign between name and value is passed over; a second one is part of the value
    while (!rest.empty() && (is_white(rest.front()) || (rest.front() == '=' && !equals))) {
      equals = equals || rest.front() == '=';
      rest.remove_prefix(1);
    }
    found.settings.push_back({std::string(name), std::string(rest), number});
  }
  return found;
}

std::optional<PamSetting> find_pam_key(std::string_view text, std::string_view key) {
  const auto wanted = lower_case(key);
  std::uint32_t number = 0;
  while (!text.empty()) {
    auto line = take_line(text);
    ++number;
    line = line.substr(0, line.find('#'));
    const auto begin = std::ranges::find_if_not(line, is_white);
    line.remove_prefix(static_cast<std::size_t>(begin - line.begin()));
    if (line.empty()) continue;
    const auto end = line.find_first_of(" \t=");
    const auto name = line.substr(0, end);
    if (lower_case(name) != wanted) continue;
    auto value = end == std::string_view::npos ? std::string_view{} : line.substr(end);
    while (!value.empty() && (is_white(value.front()) || value.front() == '=')) value.remove_prefix(1);
    return PamSetting{std::string(name), std::string(value), number};
  }
  return std::nullopt;
}

std::optional<std::int64_t> scan_unsigned(std::string_view text, unsigned bits) {
  const auto scanned = scan(text);
  if (!scanned.number) return std::nullopt;
  const auto modulus = std::int64_t{1} << bits;
  const auto rest = *scanned.number % modulus;
  return scanned.negative && rest != 0 ? modulus - rest : rest;
}

std::int64_t leading_integer(std::string_view text) {
  const auto scanned = scan(text);
  const auto number = scanned.number.value_or(0);
  return scanned.negative ? -number : number;
}

}  // namespace plimsoll::formats
