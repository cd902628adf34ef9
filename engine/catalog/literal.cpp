#include "engine/catalog/literal.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "engine/catalog/diagnostics.hpp"
#include "engine/core/text.hpp"

namespace plimsoll::catalog {

namespace {

using formats::YamlNode;

// Whether some YAML reader (1.1 or 1.2) would take the plain text for something else.
bool looks_like_boolean_or_null(std::string_view text) {
  static constexpr std::array<std::string_view, 10> words = {"true", "false", "yes", "no",   "on",
                                                             "off",  "y",     "n",   "null", "~"};
  const std::string word = lower_case(text);
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool looks_like_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || !((text[0] >= '0' && text[0] <= '9') || text[0] == '.')) return false;
  if (text.starts_with("0x") || text.starts_with("0o")) {
    const int base = text[1] == 'x' ? 16 : 8;
    unsigned long long number = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), number, base);
    return error == std::errc{} && end == text.data() + text.size();
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error != std::errc::invalid_argument && end == text.data() + text.size();
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  const auto digits = [&text](std::size_t at, std::size_t length) -> int {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + length, number);
    return error == std::errc{} && end == text.data() + at + length ? number : -1;
  };
  const bool long_form = text.size() == 20 && text[10] == 'T' && text[13] == ':' && text[16] == ':' && text[19] == 'Z';
  if ((text.size() != 10 && !long_form) || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = digits(0, 4);
  const int month = digits(5, 2);
  const int day = digits(8, 2);
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  std::int64_t seconds = std::chrono::sys_seconds{std::chrono::sys_days{date}}.time_since_epoch().count();
  if (long_form) {
    const int hour = digits(11, 2);
    const int minute = digits(14, 2);
    const int second = digits(17, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
    seconds += hour * 3600 + minute * 60 + second;
  }
  return seconds;
}

bool is_address(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string host(text.substr(0, slash));
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  const bool four = inet_pton(AF_INET, host.c_str(), bytes.data()) == 1;
  if (!four && inet_pton(AF_INET6, host.c_str(), bytes.data()) != 1) return false;
  if (slash == std::string_view::npos) return true;
  const auto prefix = parse_integer(text.substr(slash + 1));
  return prefix && *prefix >= 0 && *prefix <= (four ? 32 : 128);
}

// `$$x` stands for `$x`.
std::string unescaped(std::string_view text) {
  return std::string(text.starts_with("$$") ? text.substr(1) : text);
}

bool is_parameter_name(std::string_view text) {
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::optional<Mistake> check_text(const std::string& text, Wanted wanted, std::string_view what,
                                  const ValueRules& rules) {
  if (wanted == Wanted::pattern && rules.check_pattern != nullptr) {
    const std::string problem = rules.check_pattern(text);
    if (!problem.empty()) return Mistake{"bad-pattern", fmt::format("{}: {}", what, problem)};
  }
  if (wanted == Wanted::pattern || rules.allowed.empty()) return std::nullopt;
  if (std::find(rules.allowed.begin(), rules.allowed.end(), text) != rules.allowed.end()) return std::nullopt;
  return Mistake{"not-allowed", fmt::format("{} is never `{}`", what, text), suggestion(text, rules.allowed)};
}

// The value of a text that is known to be meant as such.
std::optional<Value> value_of(std::string_view text, Wanted wanted) {
  const auto number = [](std::optional<std::int64_t> parsed) {
    return parsed ? std::optional<Value>(*parsed) : std::nullopt;
  };
  switch (wanted) {
    case Wanted::boolean:
      if (text == "true") return Value{true};
      if (text == "false") return Value{false};
      return std::nullopt;
    case Wanted::integer:
      return number(parse_integer(text));
    case Wanted::mode:
      return number(parse_mode(text));
    case Wanted::time:
      return number(parse_time(text));
    case Wanted::duration:
      return number(parse_duration(text));
    case Wanted::address:
      return is_address(text) ? std::optional<Value>(std::string(text)) : std::nullopt;
    case Wanted::version:
      return trimmed(text).empty() ? std::nullopt : std::optional<Value>(std::string(text));
    case Wanted::text:
    case Wanted::scalar:
    case Wanted::pattern:
      return Value{std::string(text)};
    case Wanted::list:
      break;
  }
  TextList items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view item = trimmed(text.substr(0, comma));
    if (!item.empty()) items.emplace_back(item);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return Value{std::move(items)};
}

bool has_leading_zero(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0';
}

bool stays_text(Wanted wanted) {
  return wanted == Wanted::text || wanted == Wanted::scalar || wanted == Wanted::version || wanted == Wanted::pattern ||
         wanted == Wanted::list;
}

// The hint for a scalar that is of the right words and in the wrong dress.
std::string dress_hint(const YamlNode& node, Wanted wanted) {
  const bool bare = wanted == Wanted::integer || wanted == Wanted::boolean;
  if (bare && node.quoted && value_of(node.text, wanted)) return fmt::format("write {} without quotes", node.text);
  if (wanted == Wanted::mode && !node.quoted && parse_mode(node.text)) {
    return fmt::format("write \"{}\", in quotes: readers of YAML disagree on numbers that begin with 0", node.text);
  }
  if (wanted == Wanted::integer && has_leading_zero(node.text)) return "write it in decimal, without leading zeros";
  return {};
}

}  // namespace

Wanted wanted_of(ValueType type) {
  switch (type) {
    case ValueType::boolean:
      return Wanted::boolean;
    case ValueType::integer:
      return Wanted::integer;
    case ValueType::text:
      return Wanted::text;
    case ValueType::list:
      return Wanted::list;
    case ValueType::scalar:
      return Wanted::scalar;
    case ValueType::mode:
      return Wanted::mode;
    case ValueType::time:
      return Wanted::time;
    case ValueType::version:
      return Wanted::version;
    case ValueType::address:
      return Wanted::address;
  }
  return Wanted::text;
}

std::string_view phrase_of(Wanted wanted) {
  switch (wanted) {
    case Wanted::boolean:
      return "true or false";
    case Wanted::integer:
      return "an integer";
    case Wanted::text:
      return "a text";
    case Wanted::list:
      return "a list of texts";
    case Wanted::scalar:
      return "a text or an integer";
    case Wanted::mode:
      return "a mode in quotes, like \"0640\"";
    case Wanted::time:
      return "a time, like \"2026-01-31\" or \"2026-01-31T12:00:00Z\"";
    case Wanted::version:
      return "a version";
    case Wanted::address:
      return "an address or network";
    case Wanted::duration:
      return "a duration, like \"90d\"";
    case Wanted::pattern:
      return "a pattern";
  }
  return "a value";
}

std::string described(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
    case YamlNode::Kind::scalar:
      break;
  }
  const std::string text = presentable(node.text, 80);
  return node.quoted ? fmt::format("the text \"{}\"", text) : fmt::format("`{}`", text);
}

std::optional<std::string_view> parameter_named_by(const YamlNode& node) {
  if (!node.is_scalar() || !node.text.starts_with('$')) return std::nullopt;
  const std::string_view name = std::string_view(node.text).substr(1);
  return is_parameter_name(name) ? std::optional(name) : std::nullopt;
}

std::expected<Value, Mistake> parse_literal(const YamlNode& node, Wanted wanted, std::string_view what,
                                            const ValueRules& rules) {
  const auto mistaken = [&](std::string hint) {
    return std::unexpected(Mistake{
        "wrong-type", fmt::format("{} takes {}, not {}", what, phrase_of(wanted), described(node)), std::move(hint)});
  };
  if (wanted == Wanted::list) {
    if (!node.is_sequence()) return mistaken(node.is_scalar() ? "put it in brackets" : "");
    TextList items;
    for (const auto& item : node.items) {
      auto value = parse_literal(item, Wanted::text, fmt::format("an item of {}", what), rules);
      if (!value) return std::unexpected(value.error());
      items.push_back(std::get<std::string>(std::move(*value)));
    }
    return Value{std::move(items)};
  }
  if (node.kind == YamlNode::Kind::null) return mistaken("for what is not set, write `exists: false`");
  if (node.is_sequence()) return mistaken("for one of several values, write `in: [...]`");
  if (!node.is_scalar()) return mistaken("");

  if (node.text.starts_with('$') && !node.text.starts_with("$$")) {
    return std::unexpected(Mistake{"unknown-parameter", fmt::format("`{}` names no parameter", node.text),
                                   fmt::format("for a text that begins with a dollar sign, write `${}`", node.text)});
  }
  if (stays_text(wanted)) {
    if (!node.quoted && wanted == Wanted::scalar && !has_leading_zero(node.text)) {
      if (const auto number = parse_integer(node.text)) return Value{*number};
    }
    if (!node.quoted && (looks_like_boolean_or_null(node.text) || looks_like_number(node.text))) {
      return std::unexpected(Mistake{"quote-text",
                                     fmt::format("{} takes {}, and unquoted {} may be read as something else", what,
                                                 phrase_of(wanted), described(node)),
                                     fmt::format("write \"{}\"", node.text)});
    }
  } else {
    const bool bare = wanted == Wanted::integer || wanted == Wanted::boolean;
    if (bare && node.quoted) return mistaken(dress_hint(node, wanted));
    if (wanted == Wanted::mode && !node.quoted) return mistaken(dress_hint(node, wanted));
    if (wanted == Wanted::integer && has_leading_zero(node.text)) return mistaken(dress_hint(node, wanted));
  }
  std::string text = unescaped(node.text);
  auto value = value_of(text, wanted);
  if (!value) return mistaken(dress_hint(node, wanted));
  if (stays_text(wanted)) {
    if (auto mistake = check_text(text, wanted, what, rules)) return std::unexpected(std::move(*mistake));
  }
  return *value;
}

std::expected<Value, std::string> parse_value(std::string_view text, ValueType type) {
  const Wanted wanted = wanted_of(type);
  if (auto value = value_of(text, wanted)) return *value;
  return std::unexpected(fmt::format("`{}` is not {}", text, phrase_of(wanted)));
}

bool convertible(ValueType type, Wanted wanted, bool many) {
  if (many && type == ValueType::list) return wanted != Wanted::list;
  if (wanted_of(type) == wanted) return true;
  switch (type) {
    case ValueType::text:
      return wanted == Wanted::scalar || wanted == Wanted::pattern || wanted == Wanted::duration;
    case ValueType::integer:
      return wanted == Wanted::scalar;
    case ValueType::scalar:
    case ValueType::version:
    case ValueType::address:
      return wanted == Wanted::text || wanted == Wanted::scalar;
    case ValueType::boolean:
    case ValueType::list:
    case ValueType::mode:
    case ValueType::time:
      return false;
  }
  return false;
}

std::expected<Value, std::string> convert(const Value& value, ValueType type, Wanted wanted, const ValueRules& rules) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) {
    if (const auto* items = std::get_if<TextList>(&value)) {
      for (const auto& item : *items) {
        if (auto mistake = check_text(item, Wanted::text, "an item", rules)) {
          return std::unexpected(std::move(mistake->message));
        }
      }
    }
    return value;
  }
  if (auto mistake = check_text(*text, wanted, "it", rules)) return std::unexpected(std::move(mistake->message));
  if (wanted_of(type) == wanted || wanted == Wanted::text || wanted == Wanted::scalar) return value;
  auto converted = value_of(*text, wanted);
  if (!converted) return std::unexpected(fmt::format("`{}` is not {}", *text, phrase_of(wanted)));
  return *converted;
}

std::expected<std::vector<Value>, std::string> convert_items(const TextList& items, Wanted wanted,
                                                             const ValueRules& rules) {
  std::vector<Value> values;
  values.reserve(items.size());
  for (const auto& item : items) {
    auto value = convert(Value{item}, ValueType::text, wanted, rules);
    if (!value) return std::unexpected(std::move(value.error()));
    values.push_back(std::move(*value));
  }
  return values;
}

}  // namespace plimsoll::catalog
