#include "engine/catalog/bind.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace plimsoll::catalog {

namespace {

// Equal keys mean equal values: the kind goes before each value, and its length before each text.
void append_number(std::string& key, std::uint64_t number) {
  key.append(reinterpret_cast<const char*>(&number), sizeof number);
}
void append_text(std::string& key, const std::string& text) {
  append_number(key, text.size());
  key += text;
}
void append_key(std::string& key, const Value& value) {
  key += static_cast<char>('0' + value.index());
  if (const auto* flag = std::get_if<bool>(&value)) {
    key += *flag ? '1' : '0';
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    append_number(key, static_cast<std::uint64_t>(*number));
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    append_text(key, *text);
  } else {
    const auto& items = std::get<TextList>(value);
    append_number(key, items.size());
    for (const auto& item : items) append_text(key, item);
  }
}

class Binder {
 public:
  Binder(std::span<const Parameter> parameters, std::span<const Value> values,
         std::string (*check_pattern)(std::string_view))
      : parameters_(parameters), values_(values), check_pattern_(check_pattern) {}

  [[nodiscard]] const std::string& problem() const { return problem_; }

  Condition condition(OpenCondition open, const ProbeSchema& probe) {
    Condition bound;
    bound.kind = open.kind;
    bound.field = open.field;
    bound.op = open.op;
    const std::span<const std::string_view> allowed = open.kind == Condition::Kind::test && compares_whole(open.op)
                                                          ? probe.fields[open.field].allowed
                                                          : std::span<const std::string_view>{};
    bound.operands.reserve(open.operands.size());
    for (auto& term : open.operands) operand(std::move(term), allowed, bound.operands);
    bound.parts.reserve(open.parts.size());
    for (auto& part : open.parts) bound.parts.push_back(condition(std::move(part), probe));
    return bound;
  }

  Value single(Term term, std::span<const std::string_view> allowed) {
    const auto* use = std::get_if<ParameterUse>(&term);
    if (use == nullptr) return std::get<Value>(std::move(term));
    const ValueType type = parameters_[use->index].type;
    auto value = convert(values_[use->index], type, use->wanted, {allowed, check_pattern_});
    if (value && convertible(type, use->wanted, false)) return std::move(*value);
    complain(*use, value ? "its type does not fit where it is used" : value.error());
    return values_[use->index];
  }

  std::optional<std::int64_t> limit(std::optional<Term> term) {
    if (!term) return std::nullopt;
    const Value value = single(std::move(*term), {});
    const auto* number = std::get_if<std::int64_t>(&value);
    return number == nullptr ? 0 : *number;
  }

  void complain_limits() {
    if (problem_.empty()) problem_ = "no number of records lies within the limits of `count`";
  }

 private:
  static bool compares_whole(Operator op) {
    return op == Operator::equals || op == Operator::in || op == Operator::not_in || op == Operator::contains_all ||
           op == Operator::contains_none || op == Operator::subset_of;
  }

  void operand(Term term, std::span<const std::string_view> allowed, std::vector<Value>& out) {
    const auto* use = std::get_if<ParameterUse>(&term);
    const auto* items = use == nullptr ? nullptr : std::get_if<TextList>(&values_[use->index]);
    if (items == nullptr || use->wanted == Wanted::list) {
      out.push_back(single(std::move(term), allowed));
      return;
    }
    auto values = convert_items(*items, use->wanted, {allowed, check_pattern_});
    if (!values) {
      complain(*use, values.error());
      return;
    }
    for (auto& value : *values) out.push_back(std::move(value));
  }

  void complain(const ParameterUse& use, const std::string& why) {
    if (problem_.empty()) problem_ = fmt::format("parameter `{}`: {}", parameters_[use.index].name, why);
  }

  std::span<const Parameter> parameters_;
  std::span<const Value> values_;
  std::string (*check_pattern_)(std::string_view);
  std::string problem_;
};

}  // namespace

std::uint32_t PlanBuilder::fact_of(const ProbeSchema& probe, std::vector<std::optional<Value>> arguments) {
  std::string key(probe.name);
  for (const auto& argument : arguments) {
    if (argument) {
      append_key(key, *argument);
    } else {
      key += '-';
    }
  }
  const auto next = static_cast<std::uint32_t>(plan_->facts.size());
  const auto [found, added] = facts_.try_emplace(std::move(key), next);
  if (added) plan_->facts.push_back({&probe, std::move(arguments), {}});
  return found->second;
}

std::expected<Expression, std::string> PlanBuilder::add(OpenExpression open, std::span<const Parameter> parameters,
                                                        std::span<const Value> values,
                                                        std::string (*check_pattern)(std::string_view)) {
  Expression expression;
  expression.kind = open.kind;
  if (open.kind != Expression::Kind::leaf) {
    expression.parts.reserve(open.parts.size());
    for (auto& part : open.parts) {
      auto bound = add(std::move(part), parameters, values, check_pattern);
      if (!bound) return bound;
      expression.parts.push_back(std::move(*bound));
    }
    return expression;
  }
  Binder binder(parameters, values, check_pattern);
  const ProbeSchema& probe = *open.leaf.probe;
  std::vector<std::optional<Value>> arguments;
  arguments.reserve(open.leaf.arguments.size());
  for (std::size_t i = 0; i < open.leaf.arguments.size(); ++i) {
    auto& term = open.leaf.arguments[i];
    arguments.push_back(term ? std::optional(binder.single(std::move(*term), probe.arguments[i].allowed))
                             : std::nullopt);
  }
  Leaf leaf;
  leaf.quantifier = open.leaf.quantifier;
  leaf.where = binder.condition(std::move(open.leaf.where), probe);
  leaf.expect = binder.condition(std::move(open.leaf.expect), probe);
  leaf.count_at_least = binder.limit(std::move(open.leaf.count_at_least));
  leaf.count_at_most = binder.limit(std::move(open.leaf.count_at_most));
  if (leaf.count_at_least && leaf.count_at_most && *leaf.count_at_least > *leaf.count_at_most) binder.complain_limits();
  leaf.show = std::move(open.leaf.show);
  leaf.if_empty = open.leaf.if_empty;
  if (!binder.problem().empty()) return std::unexpected(binder.problem());
  leaf.fact = fact_of(probe, std::move(arguments));
  // A question that another check asks too is judged once.
  auto& asked = plan_->facts[leaf.fact].leaves;
  const auto same = std::ranges::find_if(asked, [&](std::uint32_t other) { return plan_->leaves[other] == leaf; });
  if (same != asked.end()) {
    expression.leaf = *same;
    return expression;
  }
  expression.leaf = static_cast<std::uint32_t>(plan_->leaves.size());
  asked.push_back(expression.leaf);
  plan_->leaves.push_back(std::move(leaf));
  return expression;
}

std::string problem_with_values(const Check& check, std::span<const Value> values,
                                std::string (*check_pattern)(std::string_view)) {
  Plan scratch;
  PlanBuilder builder(scratch);
  if (check.applies) {
    const auto applies = builder.add(*check.applies, check.parameters, values, check_pattern);
    if (!applies) return applies.error();
  }
  if (check.check.kind == Expression::Kind::leaf && check.check.leaf.probe == nullptr) return {};  // reported already
  const auto expression = builder.add(check.check, check.parameters, values, check_pattern);
  return expression ? std::string() : expression.error();
}

}  // namespace plimsoll::catalog
