#include "engine/evaluate/operators.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "engine/core/text.hpp"
#include "engine/evaluate/network.hpp"

namespace plimsoll::evaluate {

namespace {

// A sysctl of several numbers is printed with tabs and configured with spaces.
std::string with_single_spaces(std::string_view text) {
  std::string single;
  for (const char c : trimmed(text)) {
    const bool white = c == ' ' || c == '\t' || c == '\n';
    if (white && !single.empty() && single.back() == ' ') continue;
    single += white ? ' ' : c;
  }
  return single;
}

bool equal(const Value& observed, const Value& expected, ValueType type) {
  if (type != ValueType::scalar) return observed == expected;
  const auto& text = std::get<std::string>(observed);
  if (const auto* number = std::get_if<std::int64_t>(&expected)) return parse_integer(trimmed(text)) == *number;
  const auto* wanted = std::get_if<std::string>(&expected);
  return wanted != nullptr && with_single_spaces(text) == with_single_spaces(*wanted);
}

// The number that limits compare, or empty with `why` said.
std::optional<std::int64_t> number_of(const Value& observed, std::string& why) {
  if (const auto* number = std::get_if<std::int64_t>(&observed)) return *number;
  if (const auto* text = std::get_if<std::string>(&observed)) {
    if (const auto parsed = parse_integer(trimmed(*text))) return parsed;
    why = fmt::format("\"{}\" is not one number", presentable(*text, 80));
    return std::nullopt;
  }
  why = "not a number";
  return std::nullopt;
}

bool holds_item(const Value& observed, const Value& item) {
  const auto* wanted = std::get_if<std::string>(&item);
  if (wanted == nullptr) return false;
  if (const auto* list = std::get_if<TextList>(&observed)) {
    return std::find(list->begin(), list->end(), *wanted) != list->end();
  }
  const auto* text = std::get_if<std::string>(&observed);
  return text != nullptr && text->find(*wanted) != std::string::npos;
}

Tested subset_of(const Value& observed, const std::vector<Value>& allowed) {
  const auto* list = std::get_if<TextList>(&observed);
  if (list == nullptr) return {Truth::unknown, "not a list"};
  return {truth_of(std::all_of(list->begin(), list->end(), [&](const std::string& item) {
    return std::any_of(allowed.begin(), allowed.end(), [&](const Value& value) { return value == Value{item}; });
  }))};
}

Tested within_cidr(const Value& observed, const std::vector<Value>& networks) {
  const auto& text = std::get<std::string>(observed);
  const auto inner = parse_network(text);
  if (!inner) return {Truth::unknown, fmt::format("\"{}\" is not an address", presentable(text, 80))};
  return {truth_of(std::any_of(networks.begin(), networks.end(), [&](const Value& value) {
    const auto outer = parse_network(std::get<std::string>(value));
    return outer && within(*inner, *outer);
  }))};
}

bool matches(const Value& observed, std::span<const Pattern> patterns) {
  const auto any_pattern = [&](std::string_view text) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& p) { return p.found_in(text); });
  };
  if (const auto* text = std::get_if<std::string>(&observed)) return any_pattern(*text);
  const auto* list = std::get_if<TextList>(&observed);
  return list != nullptr && std::any_of(list->begin(), list->end(), any_pattern);
}

bool is_empty(const Value& observed) {
  if (const auto* text = std::get_if<std::string>(&observed)) return text->empty();
  const auto* list = std::get_if<TextList>(&observed);
  return list != nullptr && list->empty();
}

Tested test_value(const Condition& test, const Value& observed, ValueType type, std::span<const Pattern> patterns,
                  std::int64_t now) {
  const auto& operands = test.operands;
  const auto any_operand = [&](auto&& predicate) { return std::any_of(operands.begin(), operands.end(), predicate); };
  const auto limit = [&] { return std::get<std::int64_t>(operands.front()); };
  std::string why;
  switch (test.op) {
    case Operator::equals:
      return {truth_of(equal(observed, operands.front(), type))};
    case Operator::in:
      return {truth_of(any_operand([&](const Value& v) { return equal(observed, v, type); }))};
    case Operator::not_in:
      return {truth_of(!any_operand([&](const Value& v) { return equal(observed, v, type); }))};
    case Operator::at_least:
      if (const auto number = number_of(observed, why)) return {truth_of(*number >= limit())};
      return {Truth::unknown, why};
    case Operator::at_most:
      if (const auto number = number_of(observed, why)) return {truth_of(*number <= limit())};
      return {Truth::unknown, why};
    case Operator::matches:
      return {truth_of(matches(observed, patterns))};
    case Operator::contains:
      return {truth_of(holds_item(observed, operands.front()))};
    case Operator::contains_all:
      return {truth_of(!any_operand([&](const Value& v) { return !holds_item(observed, v); }))};
    case Operator::contains_none:
      return {truth_of(!any_operand([&](const Value& v) { return holds_item(observed, v); }))};
    case Operator::subset_of:
      return subset_of(observed, operands);
    case Operator::exists:
      return {truth_of(std::get<bool>(operands.front()))};
    case Operator::empty:
      return {truth_of(is_empty(observed) == std::get<bool>(operands.front()))};
    case Operator::mode_within:
      return {truth_of((std::get<std::int64_t>(observed) & ~limit()) == 0)};
    case Operator::older_than:
      return {truth_of(now - std::get<std::int64_t>(observed) > limit())};
    case Operator::newer_than:
      return {truth_of(now - std::get<std::int64_t>(observed) < limit())};
    case Operator::version_at_least:
      return {
          truth_of(compare_versions(std::get<std::string>(observed), std::get<std::string>(operands.front())) >= 0)};
    case Operator::within_cidr:
      return within_cidr(observed, operands);
  }
  return {};
}

Truth test_absent(const Condition& test) {
  switch (test.op) {
    case Operator::not_in:
    case Operator::contains_none:
      return Truth::holds;
    case Operator::exists:
      return truth_of(!std::get<bool>(test.operands.front()));
    case Operator::empty:
      return truth_of(std::get<bool>(test.operands.front()));
    case Operator::equals:
    case Operator::in:
    case Operator::at_least:
    case Operator::at_most:
    case Operator::matches:
    case Operator::contains:
    case Operator::contains_all:
    case Operator::subset_of:
    case Operator::mode_within:
    case Operator::older_than:
    case Operator::newer_than:
    case Operator::version_at_least:
    case Operator::within_cidr:
      return Truth::breaks;
  }
  return Truth::breaks;
}

// A value of another type than its schema declares is a slip of the probe. It must not pass, nor end the run.
bool fits(const Value& value, ValueType type) {
  switch (type) {
    case ValueType::boolean:
      return std::holds_alternative<bool>(value);
    case ValueType::integer:
    case ValueType::mode:
    case ValueType::time:
      return std::holds_alternative<std::int64_t>(value);
    case ValueType::list:
      return std::holds_alternative<TextList>(value);
    case ValueType::text:
    case ValueType::scalar:
    case ValueType::version:
    case ValueType::address:
      return std::holds_alternative<std::string>(value);
  }
  return false;
}

// "90 days" reads better than 7776000 seconds.
std::string duration_text(std::int64_t seconds) {
  for (const auto& [unit, name] : {std::pair{86400, "days"}, {3600, "hours"}, {60, "minutes"}}) {
    if (seconds % unit == 0) return fmt::format("{} {}", seconds / unit, name);
  }
  return fmt::format("{} seconds", seconds);
}

}  // namespace

Tested test_field(const Condition& test, const Field& field, ValueType type, std::span<const Pattern> patterns,
                  std::int64_t now) {
  if (const auto* error = field.unreadable()) return {Truth::unknown, error->what};
  if (field.absent()) return {test_absent(test)};
  if (!fits(*field.value(), type)) return {Truth::unknown, "the probe gave a value of another type than it declares"};
  return test_value(test, *field.value(), type, patterns, now);
}

std::string describe(const Condition& test, ValueType type, bool negated) {
  std::string operands;
  for (const auto& operand : test.operands) {
    if (!operands.empty()) operands += ", ";
    const auto text = to_text(operand, type);
    operands += text.empty() ? "(empty)" : text;
  }
  const auto say = [&](std::string_view plain, std::string_view opposite) {
    return std::string(negated ? opposite : plain) + ' ' + operands;
  };
  switch (test.op) {
    case Operator::equals:
      if (const auto* flag = std::get_if<bool>(&test.operands.front())) return (*flag != negated) ? "true" : "false";
      return negated ? "not " + operands : operands;
    case Operator::in:
      return test.operands.size() == 1 && !negated ? operands : say("one of", "none of");
    case Operator::not_in:
      return say("none of", "one of");
    case Operator::at_least:
      return say("at least", "less than");
    case Operator::at_most:
      return say("at most", "more than");
    case Operator::matches:
      return say("text that matches", "no text that matches");
    case Operator::contains:
      return say("contains", "does not contain");
    case Operator::contains_all:
      return say("contains all of", "lacks one of");
    case Operator::contains_none:
      return say("contains none of", "contains one of");
    case Operator::subset_of:
      return say("only values out of", "a value other than");
    case Operator::exists:
      return std::get<bool>(test.operands.front()) != negated ? "set" : "not set";
    case Operator::empty:
      return std::get<bool>(test.operands.front()) != negated ? "empty" : "not empty";
    case Operator::mode_within:
      return say("no permission bit beyond", "a permission bit beyond");
    case Operator::older_than:
    case Operator::newer_than: {
      const bool older = (test.op == Operator::older_than) != negated;
      return fmt::format("{} than {}", older ? "older" : "newer",
                         duration_text(std::get<std::int64_t>(test.operands.front())));
    }
    case Operator::version_at_least:
      return say("version at least", "version before");
    case Operator::within_cidr:
      return say("within", "outside of");
  }
  return operands;
}

std::string describe(const Field& field, ValueType type) {
  if (const auto* error = field.unreadable()) return presentable(error->what);
  if (field.absent()) return "not set";
  auto text = presentable(to_text(*field.value(), type));
  return text.empty() ? "(empty)" : text;
}

}  // namespace plimsoll::evaluate
