#include "engine/core/value.hpp"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <type_traits>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"

namespace plimsoll {

namespace {

constexpr std::array<std::pair<ValueType, std::string_view>, 9> type_names = {{
    {ValueType::boolean, "boolean"},
    {ValueType::integer, "integer"},
    {ValueType::text, "text"},
    {ValueType::list, "list"},
    {ValueType::scalar, "scalar"},
    {ValueType::mode, "mode"},
    {ValueType::time, "time"},
    {ValueType::version, "version"},
    {ValueType::address, "address"},
}};

// The place of a character in dpkg's order: '~' before the end of the text, the end before letters, letters before the
// rest.
int version_order(char c) {
  if (is_digit(c)) return 0;
  if (is_letter(c)) return c;
  if (c == '~') return -1;
  return static_cast<unsigned char>(c) + 256;
}

// Compares two version parts by turns of non-digits and digits (deb-version(7), "Sorting algorithm").
int compare_version_parts(std::string_view left, std::string_view right) {
  std::size_t l = 0;
  std::size_t r = 0;
  while (l < left.size() || r < right.size()) {
    while ((l < left.size() && !is_digit(left[l])) || (r < right.size() && !is_digit(right[r]))) {
      const int a = l < left.size() ? version_order(left[l]) : 0;
      const int b = r < right.size() ? version_order(right[r]) : 0;
      if (a != b) return a - b;
      if (l < left.size()) ++l;
      if (r < right.size()) ++r;
    }
    while (l < left.size() && left[l] == '0') ++l;
    while (r < right.size() && right[r] == '0') ++r;
    int first_difference = 0;
    while (l < left.size() && r < right.size() && is_digit(left[l]) && is_digit(right[r])) {
      if (first_difference == 0) first_difference = left[l] - right[r];
      ++l;
      ++r;
    }
    if (l < left.size() && is_digit(left[l])) return 1;
    if (r < right.size() && is_digit(right[r])) return -1;
    if (first_difference != 0) return first_difference;
  }
  return 0;
}

struct VersionParts {
  std::string_view epoch, upstream, revision;
};

VersionParts split_version(std::string_view text) {
  VersionParts parts;
  if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    parts.epoch = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  const auto dash = text.rfind('-');
  parts.upstream = text.substr(0, dash);
  if (dash != std::string_view::npos) parts.revision = text.substr(dash + 1);
  return parts;
}

}  // namespace

std::string_view name_of(ValueType type) {
  for (const auto& [value, name] : type_names) {
    if (value == type) return name;
  }
  return "text";
}

std::optional<ValueType> value_type_named(std::string_view name) {
  for (const auto& [value, known] : type_names) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string to_text(const Value& value, ValueType type) {
  return std::visit(
      [type](const auto& held) -> std::string {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, bool>) {
          return held ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          if (type == ValueType::mode) return fmt::format("{:04o}", held);
          if (type == ValueType::time) return utc_seconds(held);
          return std::to_string(held);
        } else if constexpr (std::is_same_v<T, std::string>) {
          return held;
        } else {
          std::string joined;
          for (const auto& item : held) {
            if (!joined.empty()) joined += ", ";
            joined += item;
          }
          return joined;
        }
      },
      value);
}

std::optional<std::int64_t> parse_mode(std::string_view text) {
  if (text.empty() || text.size() > 6) return std::nullopt;
  std::int64_t mode = 0;
  for (const char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    mode = mode * 8 + (c - '0');
  }
  if (mode > 07777) return std::nullopt;
  return mode;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  std::int64_t unit = 0;
  switch (text.back()) {
    case 's':
      unit = 1;
      break;
    case 'm':
      unit = 60;
      break;
    case 'h':
      unit = 3600;
      break;
    case 'd':
      unit = 86400;
      break;
    case 'w':
      unit = 604800;
      break;
    default:
      return std::nullopt;
  }
  const auto number = parse_integer(text.substr(0, text.size() - 1));
  std::int64_t seconds = 0;
  if (!number || *number < 0 || __builtin_mul_overflow(*number, unit, &seconds)) return std::nullopt;
  return seconds;
}

int compare_versions(std::string_view left, std::string_view right) {
  const auto a = split_version(left);
  const auto b = split_version(right);
  if (const int order = compare_version_parts(a.epoch, b.epoch); order != 0) return order;
  if (const int order = compare_version_parts(a.upstream, b.upstream); order != 0) return order;
  return compare_version_parts(a.revision, b.revision);
}

}  // namespace plimsoll
