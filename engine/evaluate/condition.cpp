#include "engine/evaluate/condition.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/evaluate/operators.hpp"

namespace plimsoll::evaluate {

namespace {

const Field& field_of(const Condition& test, const Record& record) {
  return record.fields[test.field];
}
ValueType type_of(const Condition& test, const Context& context) {
  return context.schema.fields[test.field].type;
}

Tested run_test(const Condition& test, const Record& record, const Context& context) {
  const auto& field = field_of(test, record);
  // Only a value is matched against a pattern, so only then is there a need to compile it.
  if (field.value() == nullptr) return test_field(test, field, type_of(test, context), {}, context.now);
  if (const auto* problem = context.patterns.problem(test)) return {Truth::unknown, problem->what};
  return test_field(test, field, type_of(test, context), context.patterns.of(test), context.now);
}

Bearing bearing_of(Truth truth) {
  switch (truth) {
    case Truth::holds:
      return Bearing::holds;
    case Truth::breaks:
      return Bearing::breaks;
    case Truth::unknown:
      return Bearing::unknown;
  }
  return Bearing::unknown;
}

void start(Evidence& evidence, const Record& record, std::uint16_t field, const ProbeSchema& schema) {
  const auto& observed = record.fields[field];
  evidence.resource = presentable(record.resource);
  evidence.field = schema.fields[field].name;
  evidence.observed = describe(observed, schema.fields[field].type);
  evidence.source = presentable(observed.source.empty() ? record.source : observed.source);
  evidence.probe = schema.name;
  for (const auto& lost : observed.overridden) {
    evidence.overridden.emplace_back(presentable(lost.source), presentable(lost.value));
  }
}

void observe_test(const Condition& test, const Record& record, bool negated, const Context& context,
                  Evidence& evidence) {
  start(evidence, record, test.field, context.schema);
  const auto tested = run_test(test, record, context);
  evidence.bearing = bearing_of(negated ? evaluate::negated(tested.truth) : tested.truth);
  evidence.expected = presentable(describe(test, type_of(test, context), negated));
  if (tested.truth == Truth::unknown) {
    const auto* error = field_of(test, record).unreadable();
    auto why = error != nullptr ? *error : Error{.kind = Error::Kind::malformed, .what = tested.why};
    why.what = presentable(std::move(why.what));
    evidence.error = std::move(why);
  }
}

// Whether a part that came to `part` had a say in a whole of this kind that came to `whole`.
bool decides(Condition::Kind kind, Truth part, Truth whole) {
  switch (kind) {
    case Condition::Kind::all:
      return whole == Truth::holds || part == whole;
    case Condition::Kind::any:
      return whole == Truth::breaks || part == whole;
    case Condition::Kind::test:
    case Condition::Kind::negation:
      return true;
  }
  return true;
}

}  // namespace

const Patterns::Entry& Patterns::entry_of(const Condition& test) const {
  for (const auto& [known, entry] : entries_) {
    if (known == &test) return entry;
  }
  auto& entry = entries_.emplace_front(&test, Entry{}).second;
  for (const auto& operand : test.operands) {
    const auto* text = std::get_if<std::string>(&operand);
    auto compiled = shelf_->get(text == nullptr ? std::string_view() : *text);
    if (compiled) {
      entry.compiled.push_back(std::move(*compiled));
    } else {
      entry.problems.push_back(compiled.error());
    }
  }
  return entry;
}

std::span<const Pattern> Patterns::of(const Condition& test) const {
  if (test.op != Operator::matches) return {};
  return entry_of(test).compiled;
}

const Error* Patterns::problem(const Condition& test) const {
  if (test.op != Operator::matches) return nullptr;
  const auto& entry = entry_of(test);
  return entry.problems.empty() ? nullptr : &entry.problems.front();
}

Truth judge(const Condition& condition, const Record& record, const Context& context) {
  switch (condition.kind) {
    case Condition::Kind::test:
      return run_test(condition, record, context).truth;
    case Condition::Kind::negation:
      return negated(judge(condition.parts.front(), record, context));
    case Condition::Kind::all: {
      auto truth = Truth::holds;
      for (const auto& part : condition.parts) {
        truth = both(truth, judge(part, record, context));
        if (truth == Truth::breaks) break;
      }
      return truth;
    }
    case Condition::Kind::any: {
      auto truth = Truth::breaks;
      for (const auto& part : condition.parts) {
        truth = either(truth, judge(part, record, context));
        if (truth == Truth::holds) break;
      }
      return truth;
    }
  }
  return Truth::unknown;
}

void observe(const Condition& condition, const Record& record, Truth outcome, bool negated, const Context& context,
             std::vector<Evidence>& into) {
  switch (condition.kind) {
    case Condition::Kind::test:
      observe_test(condition, record, negated, context, into.emplace_back());
      return;
    case Condition::Kind::negation:
      observe(condition.parts.front(), record, evaluate::negated(outcome), !negated, context, into);
      return;
    case Condition::Kind::all:
    case Condition::Kind::any:
      for (const auto& part : condition.parts) {
        const auto truth = judge(part, record, context);
        if (decides(condition.kind, truth, outcome)) observe(part, record, truth, negated, context, into);
      }
      return;
  }
}

Evidence shown(const Record& record, std::uint16_t field, const ProbeSchema& schema) {
  Evidence evidence;
  start(evidence, record, field, schema);
  evidence.bearing = Bearing::shown;
  if (const auto* error = record.fields[field].unreadable()) evidence.error = *error;
  return evidence;
}

}  // namespace plimsoll::evaluate
