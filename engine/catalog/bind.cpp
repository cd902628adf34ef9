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

bool compares_whole(Operator op) {
  return op == Operator::equals || op == Operator::in || op == Operator::not_in || op == Operator::contains_all ||
         op == Operator::contains_none || op == Operator::subset_of;
}

Condition bind_condition(OpenCondition open, const ProbeSchema& probe, Binder& binder) {
  Condition bound;
  bound.kind = open.kind;
  bound.field = open.field;
  bound.op = open.op;
  const auto allowed = open.kind == Condition::Kind::test ? allowed_operands(probe, open.field, open.op)
                                                          : std::span<const std::string_view>{};
  bound.operands.reserve(open.operands.size());
  for (auto& term : open.operands) {
    if (const auto* use = std::get_if<ParameterUse>(&term)) {
      binder.operand(*use, allowed, bound.operands);
    } else {
      bound.operands.push_back(std::get<Value>(std::move(term)));
    }
  }
  bound.parts.reserve(open.parts.size());
  for (auto& part : open.parts) bound.parts.push_back(bind_condition(std::move(part), probe, binder));
  return bound;
}

Value bind_term(Term term, std::span<const std::string_view> allowed, Binder& binder) {
  const auto* use = std::get_if<ParameterUse>(&term);
  return use == nullptr ? std::get<Value>(std::move(term)) : binder.single(*use, allowed);
}

std::optional<std::int64_t> bind_limit(std::optional<Term> term, Binder& binder) {
  if (!term) return std::nullopt;
  const Value value = bind_term(std::move(*term), {}, binder);
  const auto* number = std::get_if<std::int64_t>(&value);
  return number == nullptr ? 0 : *number;
}

}  // namespace

Value Binder::single(const ParameterUse& use, std::span<const std::string_view> allowed) {
  const ValueType type = parameters_[use.index].type;
  auto value = convert(values_[use.index], type, use.wanted, {allowed, check_pattern_});
  if (value && convertible(type, use.wanted, false)) return std::move(*value);
  complain(use, value ? "its type does not fit where it is used" : value.error());
  return values_[use.index];
}

void Binder::operand(const ParameterUse& use, std::span<const std::string_view> allowed, std::vector<Value>& out) {
  const auto* items = std::get_if<TextList>(&values_[use.index]);
  if (items == nullptr || use.wanted == Wanted::list) {
    out.push_back(single(use, allowed));
    return;
  }
  auto values = convert_items(*items, use.wanted, {allowed, check_pattern_});
  if (!values) {
    complain(use, values.error());
    return;
  }
  for (auto& value : *values) out.push_back(std::move(value));
}

void Binder::check_limits(const Leaf& leaf) {
  if (!leaf.count_at_least || !leaf.count_at_most || *leaf.count_at_least <= *leaf.count_at_most) return;
  if (problem_.empty()) problem_ = "no number of records lies within the limits of `count`";
}

void Binder::complain(const ParameterUse& use, const std::string& why) {
  if (problem_.empty()) problem_ = fmt::format("parameter `{}`: {}", parameters_[use.index].name, why);
}

std::span<const std::string_view> allowed_operands(const ProbeSchema& probe, std::uint16_t field, Operator op) {
  return compares_whole(op) ? probe.fields[field].allowed : std::span<const std::string_view>{};
}

std::uint32_t PlanBuilder::fact_of(const ProbeSchema& probe, std::vector<std::optional<Value>> arguments) {
  key_ = probe.name;
  for (const auto& argument : arguments) {
    if (argument) {
      append_key(key_, *argument);
    } else {
      key_ += '-';
    }
  }
  const auto next = static_cast<std::uint32_t>(plan_->facts.size());
  const auto [found, added] = facts_.try_emplace(key_, next);
  if (added) plan_->facts.push_back({&probe, std::move(arguments), {}});
  return found->second;
}

std::uint32_t PlanBuilder::add(const ProbeSchema& probe, std::vector<std::optional<Value>> arguments, Leaf leaf) {
  leaf.fact = fact_of(probe, std::move(arguments));
  // A question that another check asks too is judged once.
  auto& asked = plan_->facts[leaf.fact].leaves;
  const auto same = std::ranges::find_if(asked, [&](std::uint32_t other) { return plan_->leaves[other] == leaf; });
  if (same != asked.end()) return *same;
  const auto number = static_cast<std::uint32_t>(plan_->leaves.size());
  asked.push_back(number);
  plan_->leaves.push_back(std::move(leaf));
  return number;
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
    arguments.push_back(term ? std::optional(bind_term(std::move(*term), probe.arguments[i].allowed, binder))
                             : std::nullopt);
  }
  Leaf leaf;
  leaf.quantifier = open.leaf.quantifier;
  leaf.where = bind_condition(std::move(open.leaf.where), probe, binder);
  leaf.expect = bind_condition(std::move(open.leaf.expect), probe, binder);
  leaf.count_at_least = bind_limit(std::move(open.leaf.count_at_least), binder);
  leaf.count_at_most = bind_limit(std::move(open.leaf.count_at_most), binder);
  leaf.show = std::move(open.leaf.show);
  leaf.if_empty = open.leaf.if_empty;
  binder.check_limits(leaf);
  if (!binder.problem().empty()) return std::unexpected(binder.problem());
  expression.leaf = add(probe, std::move(arguments), std::move(leaf));
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
