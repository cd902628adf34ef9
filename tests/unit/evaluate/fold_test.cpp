#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/evaluate/evaluate.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;

namespace {

constexpr std::array<FieldSchema, 3> fields = {{
    {.name = "kind", .type = ValueType::text, .meaning = "which sort"},
    {.name = "limit", .type = ValueType::integer, .meaning = "a number"},
    {.name = "good", .type = ValueType::boolean, .meaning = "a flag"},
}};
constexpr ProbeSchema schema = {.name = "thing", .summary = "things", .arguments = {}, .fields = fields};

struct Row {
  const char* name;
  Field kind;
  Field good;
};

const Field unreadable{Unreadable{{.kind = Error::Kind::denied, .what = "permission denied"}}};
Field is(const char* text) {
  return Field{Value{std::string(text)}};
}
Field is(bool flag) {
  return Field{Value{flag}};
}

Record record(const Row& row) {
  Record made(fields.size());
  made.resource = row.name;
  made.source = std::string("/etc/thing:") + row.name;
  made.fields[0] = row.kind;
  made.fields[1] = Field{Value{std::int64_t{1}}};
  made.fields[2] = row.good;
  return made;
}

Condition equals(std::uint16_t field, Value value) {
  return Condition{
      .kind = Condition::Kind::test, .field = field, .op = Operator::equals, .operands = {std::move(value)}};
}

Plan plan_of(std::vector<Leaf> leaves, Expression expression) {
  Plan plan;
  plan.facts.push_back({.probe = &schema, .arguments = {}});
  plan.leaves = std::move(leaves);
  PlannedCheck check;
  check.id = "a-check";
  check.check = std::move(expression);
  plan.checks.push_back(std::move(check));
  return plan;
}

Leaf leaf(Quantifier quantifier, IfEmpty if_empty = IfEmpty::pass) {
  Leaf made;
  made.quantifier = quantifier;
  made.where = equals(0, Value{std::string("ours")});
  made.expect = equals(2, Value{true});
  made.if_empty = if_empty;
  return made;
}

CheckResult judge(Plan& plan, const std::vector<Row>& rows, bool failed = false) {
  evaluate::Fold fold(plan, 0);
  for (const auto& row : rows) fold.add(0, record(row));
  if (failed) fold.fail(0, {.kind = Error::Kind::timed_out, .what = "the time limit passed"});
  return fold.finish().front();
}

}  // namespace

TEST_CASE("quantifiers decide as soon as what was read decides, and never on what was not", "[evaluate]") {
  struct Case {
    const char* what;
    Quantifier quantifier;
    std::vector<Row> rows;
    bool failed;
    Verdict verdict;
  };
  const Row good{"good", is("ours"), is(true)};
  const Row bad{"bad", is("ours"), is(false)};
  const Row dark{"dark", is("ours"), unreadable};
  const Row other{"other", is("theirs"), is(false)};
  const Row maybe_bad{"maybe", unreadable, is(false)};
  const Row maybe_good{"maybe", unreadable, is(true)};
  const auto c = GENERATE_COPY(values<Case>({
      {"every: all good", Quantifier::every, {good, other}, false, Verdict::pass},
      {"every: one bad", Quantifier::every, {good, bad}, false, Verdict::fail},
      {"every: one bad counts though another is dark", Quantifier::every, {dark, bad}, false, Verdict::fail},
      {"every: one bad counts though the rest failed", Quantifier::every, {bad}, true, Verdict::fail},
      {"every: a dark one is not good", Quantifier::every, {good, dark}, false, Verdict::error},
      {"every: good so far, then the probe failed", Quantifier::every, {good}, true, Verdict::error},
      {"every: a bad one that may be ours", Quantifier::every, {good, maybe_bad}, false, Verdict::error},
      {"every: a good one that may be ours does no harm", Quantifier::every, {good, maybe_good}, false, Verdict::pass},
      {"some: one good is enough", Quantifier::some, {good, bad, dark}, true, Verdict::pass},
      {"some: none good", Quantifier::some, {bad, other}, false, Verdict::fail},
      {"some: none good but one dark", Quantifier::some, {bad, dark}, false, Verdict::error},
      {"some: a good one that may not be ours", Quantifier::some, {bad, maybe_good}, false, Verdict::error},
      {"none: none has it", Quantifier::none, {bad, other}, false, Verdict::pass},
      {"none: one has it", Quantifier::none, {good, dark}, false, Verdict::fail},
      {"none: one is dark", Quantifier::none, {bad, dark}, false, Verdict::error},
      {"none: one that may be ours has it", Quantifier::none, {bad, maybe_good}, false, Verdict::error},
      {"empty is the author's decision", Quantifier::every, {other}, false, Verdict::pass},
      {"empty because it failed is no decision", Quantifier::every, {}, true, Verdict::error},
  }));
  CAPTURE(c.what);
  auto plan = plan_of({leaf(c.quantifier)}, Expression{});
  const auto result = judge(plan, c.rows, c.failed);
  CHECK(result.verdict == c.verdict);
  CHECK_FALSE(result.evidence.empty());
  CHECK_FALSE(result.reason.empty());
}

TEST_CASE("if_empty says what no records mean", "[evaluate]") {
  const auto verdict = [](IfEmpty if_empty) {
    auto plan = plan_of({leaf(Quantifier::some, if_empty)}, Expression{});
    return judge(plan, {}).verdict;
  };
  CHECK(verdict(IfEmpty::pass) == Verdict::pass);
  CHECK(verdict(IfEmpty::fail) == Verdict::fail);
  CHECK(verdict(IfEmpty::not_applicable) == Verdict::not_applicable);
  CHECK(verdict(IfEmpty::impossible) == Verdict::error);
}

TEST_CASE("count decides within its limits, and only if what is unknown cannot change it", "[evaluate]") {
  struct Case {
    const char* what;
    std::optional<std::int64_t> at_least, at_most;
    std::vector<Row> rows;
    bool failed;
    Verdict verdict;
  };
  const Row ours{"a", is("ours"), is(true)};
  const Row maybe{"b", unreadable, is(true)};
  const auto c = GENERATE_COPY(values<Case>({
      {"none is at most none", {}, 0, {}, false, Verdict::pass},
      {"one is more than none", {}, 0, {ours}, true, Verdict::fail},
      {"none so far, then it failed", {}, 0, {}, true, Verdict::error},
      {"one that may count", {}, 0, {maybe}, false, Verdict::error},
      {"enough whatever else there is", 1, {}, {ours, maybe}, true, Verdict::pass},
      {"too few even with it", 3, {}, {ours, maybe}, false, Verdict::fail},
      {"enough only with it", 2, {}, {ours, maybe}, false, Verdict::error},
  }));
  CAPTURE(c.what);
  auto counted = leaf(Quantifier::count, IfEmpty::impossible);
  counted.count_at_least = c.at_least;
  counted.count_at_most = c.at_most;
  auto plan = plan_of({counted}, Expression{});
  CHECK(judge(plan, c.rows, c.failed).verdict == c.verdict);
}

TEST_CASE("combinators follow three-valued logic, and parts that do not apply have no say", "[evaluate]") {
  // Leaves on the same record: holds, breaks, unknown, not applicable.
  auto holds = leaf(Quantifier::every);
  auto breaks = leaf(Quantifier::none);
  auto unknown = leaf(Quantifier::every);
  unknown.expect = equals(0, Value{std::string("ours")});
  unknown.where = equals(1, Value{std::int64_t{1}});
  unknown.expect.field = 1;
  unknown.expect.op = Operator::at_most;
  auto none = leaf(Quantifier::every, IfEmpty::not_applicable);
  none.where = equals(0, Value{std::string("nobody's")});
  const auto build = [&](Expression::Kind kind, std::vector<std::uint32_t> parts) {
    Expression whole{.kind = kind};
    for (const auto part : parts) whole.parts.push_back(Expression{.kind = Expression::Kind::leaf, .leaf = part});
    return plan_of({holds, breaks, unknown, none}, std::move(whole));
  };
  struct Case {
    Expression::Kind kind;
    std::vector<std::uint32_t> parts;
    Verdict verdict;
  };
  using K = Expression::Kind;
  const auto c = GENERATE(values<Case>({
      {K::all, {0, 0}, Verdict::pass},
      {K::all, {0, 1}, Verdict::fail},
      {K::all, {1, 2}, Verdict::fail},
      {K::all, {0, 2}, Verdict::error},
      {K::all, {0, 3}, Verdict::pass},
      {K::all, {3, 3}, Verdict::not_applicable},
      {K::any, {1, 0}, Verdict::pass},
      {K::any, {1, 2}, Verdict::error},
      {K::any, {0, 2}, Verdict::pass},
      {K::any, {1, 3}, Verdict::fail},
      {K::any, {3}, Verdict::not_applicable},
      {K::negation, {0}, Verdict::fail},
      {K::negation, {1}, Verdict::pass},
      {K::negation, {2}, Verdict::error},
      {K::negation, {3}, Verdict::not_applicable},
  }));
  CAPTURE(static_cast<int>(c.kind), c.parts);
  auto plan = build(c.kind, c.parts);
  evaluate::Fold fold(plan, 0);
  auto seen = record({"a", is("ours"), is(true)});
  seen.fields[1] = unreadable;
  fold.add(0, seen);
  CHECK(fold.finish().front().verdict == c.verdict);
}

TEST_CASE("evidence names what was observed, expected and where, and only what decided", "[evaluate]") {
  auto plan = plan_of({leaf(Quantifier::every)}, Expression{});
  const auto result = judge(plan, {{"one", is("ours"), is(true)}, {"two", is("ours"), is(false)}});
  REQUIRE(result.evidence.size() == 1);
  const auto& evidence = result.evidence.front();
  CHECK(evidence.bearing == Bearing::breaks);
  CHECK(evidence.resource == "two");
  CHECK(evidence.field == "good");
  CHECK(evidence.observed == "false");
  CHECK(evidence.expected == "true");
  CHECK(evidence.source == "/etc/thing:two");
  CHECK(result.reason == "two: good is false, expected true (/etc/thing:two)");
}

TEST_CASE("the order in which records come changes nothing", "[evaluate]") {
  std::vector<std::string> names;
  for (int i = 0; i < 400; ++i) names.push_back(std::to_string(1000 + i * 7 % 400));
  auto plan = plan_of({leaf(Quantifier::every)}, Expression{});
  const auto run = [&] {
    evaluate::Fold fold(plan, 0);
    for (const auto& name : names) fold.add(0, record({name.c_str(), is("ours"), is(false)}));
    return fold.finish().front();
  };
  const auto forwards = run();
  std::reverse(names.begin(), names.end());
  const auto backwards = run();
  CHECK(forwards.evidence == backwards.evidence);
  CHECK(forwards.reason == backwards.reason);
  CHECK(forwards.evidence.size() + forwards.evidence_left_out == 400);
}

TEST_CASE("a check that does not apply says which fact decided", "[evaluate]") {
  auto plan = plan_of({leaf(Quantifier::every), leaf(Quantifier::some, IfEmpty::fail)}, Expression{});
  plan.checks[0].applies = Expression{.kind = Expression::Kind::leaf, .leaf = 1};
  const auto no = judge(plan, {{"a", is("ours"), is(false)}});
  CHECK(no.verdict == Verdict::not_applicable);
  CHECK(no.reason == "does not apply: a: good is false, expected true (/etc/thing:a)");
  CHECK(judge(plan, {{"a", is("ours"), unreadable}}).verdict == Verdict::error);
}

TEST_CASE("a row takes the worst of its checks, and a person's row is never passed by a machine", "[evaluate]") {
  struct Case {
    Assessment assessment;
    std::vector<Verdict> checks;
    Verdict verdict;
  };
  using V = Verdict;
  const auto c = GENERATE(values<Case>({
      {Assessment::automated, {V::pass, V::fail, V::error}, V::fail},
      {Assessment::automated, {V::pass, V::error}, V::error},
      {Assessment::automated, {V::pass, V::not_applicable}, V::pass},
      {Assessment::automated, {V::not_applicable}, V::not_applicable},
      {Assessment::automated, {}, V::manual},
      {Assessment::manual, {V::pass}, V::manual},
      {Assessment::manual, {V::manual}, V::manual},
      {Assessment::manual, {V::fail}, V::fail},
      {Assessment::manual, {V::error}, V::error},
      {Assessment::manual, {}, V::manual},
  }));
  Plan plan;
  PlannedRow row;
  row.recommendation.assessment = c.assessment;
  std::vector<CheckResult> checks;
  for (std::uint32_t i = 0; i < c.checks.size(); ++i) {
    CheckResult check;
    check.verdict = c.checks[i];
    checks.push_back(check);
    row.checks.push_back(i);
  }
  plan.profiles.push_back({.identity = {}, .rows = {row}});
  CHECK(evaluate::judge_rows(plan, checks).front().rows.front().verdict == c.verdict);
}
