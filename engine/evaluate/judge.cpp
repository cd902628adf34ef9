#include "engine/evaluate/judge.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace plimsoll::evaluate {

namespace {

using Kind = Outcome::Kind;

Kind combine(Expression::Kind how, const std::vector<Outcome>& parts) {
  const auto any = [&](Kind kind) {
    return std::any_of(parts.begin(), parts.end(), [kind](const Outcome& o) { return o.kind == kind; });
  };
  const bool all = how == Expression::Kind::all;
  const Kind strongest = all ? Kind::breaks : Kind::holds;
  const Kind weakest = all ? Kind::holds : Kind::breaks;
  if (any(strongest)) return strongest;
  if (any(Kind::unknown)) return Kind::unknown;
  return any(weakest) ? weakest : Kind::not_applicable;
}

void append(Outcome& whole, Outcome part) {
  whole.add(std::move(part.evidence));
  whole.left_out += part.left_out;
}

Outcome negate(Outcome outcome) {
  if (outcome.kind == Kind::holds) {
    outcome.kind = Kind::breaks;
  } else if (outcome.kind == Kind::breaks) {
    outcome.kind = Kind::holds;
  }
  for (auto& evidence : outcome.evidence) {
    if (evidence.bearing == Bearing::holds) {
      evidence.bearing = Bearing::breaks;
    } else if (evidence.bearing == Bearing::breaks) {
      evidence.bearing = Bearing::holds;
    } else {
      continue;
    }
    if (!evidence.expected.empty()) evidence.expected = fmt::format("not: {}", evidence.expected);
  }
  return outcome;
}

bool only_shows(const Expression& expression, const Plan& plan) {
  if (expression.kind == Expression::Kind::leaf) return plan.leaves[expression.leaf].quantifier == Quantifier::show;
  return std::all_of(expression.parts.begin(), expression.parts.end(),
                     [&](const Expression& part) { return only_shows(part, plan); });
}

void count_leaves(const Expression& expression, std::vector<std::uint32_t>& uses) {
  if (expression.kind == Expression::Kind::leaf) ++uses[expression.leaf];
  for (const auto& part : expression.parts) count_leaves(part, uses);
}

int weight(Bearing bearing) {
  switch (bearing) {
    case Bearing::breaks:
      return 0;
    case Bearing::unknown:
      return 1;
    case Bearing::holds:
      return 2;
    case Bearing::shown:
      return 3;
  }
  return 3;
}

// One clause for a person: what was seen, what was wanted, where.
std::string sentence(const Evidence& evidence) {
  std::string text;
  const bool named = !evidence.resource.empty() && evidence.resource != evidence.source;
  if (named) text += evidence.resource + ": ";
  if (evidence.bearing == Bearing::unknown) {
    text += evidence.error ? evidence.error->what : evidence.observed;
    return text;
  }
  if (!evidence.field.empty()) {
    text += evidence.field;
    text += " is ";
  }
  text += evidence.observed;
  if (!evidence.field.empty() && evidence.bearing == Bearing::breaks && !evidence.expected.empty()) {
    text += ", expected " + evidence.expected;
  }
  if (!evidence.source.empty()) text += " (" + evidence.source + ")";
  return text;
}

std::string reason_from(const Outcome& outcome, Bearing bearing) {
  std::size_t others = 0;
  const Evidence* first = nullptr;
  for (const auto& evidence : outcome.evidence) {
    if (evidence.bearing != bearing) continue;
    if (first == nullptr) {
      first = &evidence;
    } else {
      ++others;
    }
  }
  if (first == nullptr) return outcome.evidence.empty() ? std::string() : sentence(outcome.evidence.front());
  others += outcome.left_out;
  auto text = sentence(*first);
  if (others > 0) text += fmt::format("; and {} more", others);
  return text;
}

void take(CheckResult& result, Outcome outcome) {
  const auto heavier = [](const Evidence& a, const Evidence& b) { return weight(a.bearing) < weight(b.bearing); };
  if (!std::ranges::is_sorted(outcome.evidence, heavier)) std::ranges::stable_sort(outcome.evidence, heavier);
  result.evidence = std::move(outcome.evidence);
  result.evidence_left_out = outcome.left_out;
}

}  // namespace

LeafOutcomes::LeafOutcomes(const Plan& plan) : uses_(plan.leaves.size()) {
  outcomes_.reserve(plan.leaves.size());
  for (const auto& check : plan.checks) {
    if (check.applies) count_leaves(*check.applies, uses_);
    count_leaves(check.check, uses_);
  }
}

Outcome LeafOutcomes::take(std::uint32_t leaf) {
  auto& outcome = outcomes_[leaf];
  return --uses_[leaf] == 0 ? std::move(outcome) : outcome;
}

Outcome evaluate(const Expression& expression, LeafOutcomes& leaves) {
  switch (expression.kind) {
    case Expression::Kind::leaf:
      return leaves.take(expression.leaf);
    case Expression::Kind::negation:
      return negate(evaluate(expression.parts.front(), leaves));
    case Expression::Kind::all:
    case Expression::Kind::any:
      break;
  }
  std::vector<Outcome> parts;
  parts.reserve(expression.parts.size());
  for (const auto& part : expression.parts) parts.push_back(evaluate(part, leaves));

  Outcome whole;
  whole.kind = combine(expression.kind, parts);
  for (auto& part : parts) {
    if (part.kind == whole.kind) {
      append(whole, std::move(part));
      continue;
    }
    // What was gathered for a person is kept whatever the other parts came to.
    std::erase_if(part.evidence, [](const Evidence& e) { return e.bearing != Bearing::shown; });
    part.left_out = 0;
    if (part.kind != Kind::not_applicable) append(whole, std::move(part));
  }
  return whole;
}

CheckResult judge_check(const Plan& plan, PlannedCheck& check, LeafOutcomes& leaves) {
  CheckResult result;
  result.id = check.id;
  result.texts = std::move(check.texts);
  result.severity = check.severity;
  result.parameters = std::move(check.parameters);

  if (check.applies) {
    auto applies = evaluate(*check.applies, leaves);
    if (applies.kind != Kind::holds) {
      const bool unknown = applies.kind == Kind::unknown;
      result.verdict = unknown ? Verdict::error : Verdict::not_applicable;
      result.reason = fmt::format("{}: {}", unknown ? "cannot tell whether this applies" : "does not apply",
                                  reason_from(applies, unknown ? Bearing::unknown : Bearing::breaks));
      for (auto& evidence : applies.evidence) {
        if (!unknown) evidence.bearing = Bearing::shown;
      }
      take(result, std::move(applies));
      return result;
    }
  }

  auto outcome = evaluate(check.check, leaves);
  switch (outcome.kind) {
    case Kind::holds:
      if (only_shows(check.check, plan)) {
        result.verdict = Verdict::manual;
        result.reason = "gathered for a person to judge";
      } else {
        result.verdict = Verdict::pass;
        result.reason = reason_from(outcome, Bearing::holds);
      }
      break;
    case Kind::breaks:
      result.verdict = Verdict::fail;
      result.reason = reason_from(outcome, Bearing::breaks);
      break;
    case Kind::unknown:
      result.verdict = Verdict::error;
      result.reason = reason_from(outcome, Bearing::unknown);
      break;
    case Kind::not_applicable:
      result.verdict = Verdict::not_applicable;
      result.reason = fmt::format("does not apply: {}", reason_from(outcome, Bearing::shown));
      break;
  }
  take(result, std::move(outcome));
  return result;
}

}  // namespace plimsoll::evaluate
