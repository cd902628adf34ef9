#include "engine/evaluate/operators.hpp"

#include <string>
#include <vector>

#include "engine/evaluate/condition.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;
using evaluate::Truth;

namespace {

constexpr std::int64_t now = 1'000'000'000;

Condition test_of(Operator op, std::vector<Value> operands) {
  return Condition{.kind = Condition::Kind::test, .field = 0, .op = op, .operands = std::move(operands)};
}

Truth run(const Condition& test, const Field& field, ValueType type) {
  const evaluate::Patterns patterns;
  return evaluate::test_field(test, field, type, patterns.of(test), now).truth;
}

Field holding(Value value) {
  return Field{std::move(value)};
}
Value number(std::int64_t value) {
  return Value{value};
}
Value text(const char* value) {
  return Value{std::string(value)};
}

}  // namespace

TEST_CASE("each operator judges a value as its name says", "[evaluate]") {
  struct Case {
    const char* what;
    Operator op;
    std::vector<Value> operands;
    Value observed;
    ValueType type;
    Truth truth;
  };
  const auto c = GENERATE(values<Case>({
      {"equal", Operator::equals, {text("no")}, text("no"), ValueType::text, Truth::holds},
      {"not equal", Operator::equals, {text("no")}, text("yes"), ValueType::text, Truth::breaks},
      {"case counts", Operator::equals, {text("no")}, text("No"), ValueType::text, Truth::breaks},
      {"a scalar against a number", Operator::equals, {number(1)}, text("1"), ValueType::scalar, Truth::holds},
      {"a scalar that is no number", Operator::equals, {number(1)}, text("one"), ValueType::scalar, Truth::breaks},
      {"a scalar of several numbers",
       Operator::equals,
       {text("4096 16384 9")},
       text("4096\t16384\t9"),
       ValueType::scalar,
       Truth::holds},
      {"one of", Operator::in, {text("a"), text("b")}, text("b"), ValueType::text, Truth::holds},
      {"one of numbers", Operator::in, {number(1), number(2)}, text("2"), ValueType::scalar, Truth::holds},
      {"none of", Operator::not_in, {text("a"), text("b")}, text("b"), ValueType::text, Truth::breaks},
      {"at least, on the limit", Operator::at_least, {number(5)}, number(5), ValueType::integer, Truth::holds},
      {"at least, below", Operator::at_least, {number(5)}, number(4), ValueType::integer, Truth::breaks},
      {"at most, above", Operator::at_most, {number(5)}, number(6), ValueType::integer, Truth::breaks},
      {"a limit on a text of several numbers is not decided",
       Operator::at_most,
       {number(5)},
       text("1 2"),
       ValueType::scalar,
       Truth::unknown},
      {"a pattern anywhere", Operator::matches, {text("b+")}, text("abbc"), ValueType::text, Truth::holds},
      {"an anchored pattern", Operator::matches, {text("^b+$")}, text("abbc"), ValueType::text, Truth::breaks},
      {"a pattern on invalid UTF-8",
       Operator::matches,
       {text("b$")},
       text("\xFF"
            "b"),
       ValueType::text,
       Truth::holds},
      {"a pattern on one item of a list",
       Operator::matches,
       {text("^x")},
       Value{TextList{"a", "xy"}},
       ValueType::list,
       Truth::holds},
      {"a list with the item",
       Operator::contains,
       {text("nodev")},
       Value{TextList{"rw", "nodev"}},
       ValueType::list,
       Truth::holds},
      {"part of an item is not the item",
       Operator::contains,
       {text("dev")},
       Value{TextList{"rw", "nodev"}},
       ValueType::list,
       Truth::breaks},
      {"all of",
       Operator::contains_all,
       {text("a"), text("b")},
       Value{TextList{"b", "c", "a"}},
       ValueType::list,
       Truth::holds},
      {"all but one",
       Operator::contains_all,
       {text("a"), text("d")},
       Value{TextList{"b", "c", "a"}},
       ValueType::list,
       Truth::breaks},
      {"none of a list", Operator::contains_none, {text("x")}, Value{TextList{"b"}}, ValueType::list, Truth::holds},
      {"only allowed items",
       Operator::subset_of,
       {text("a"), text("b")},
       Value{TextList{"b"}},
       ValueType::list,
       Truth::holds},
      {"one item too many",
       Operator::subset_of,
       {text("a"), text("b")},
       Value{TextList{"b", "z"}},
       ValueType::list,
       Truth::breaks},
      {"exists", Operator::exists, {Value{true}}, text(""), ValueType::text, Truth::holds},
      {"must not exist", Operator::exists, {Value{false}}, text(""), ValueType::text, Truth::breaks},
      {"empty", Operator::empty, {Value{true}}, text(""), ValueType::text, Truth::holds},
      {"not empty", Operator::empty, {Value{false}}, Value{TextList{}}, ValueType::list, Truth::breaks},
      {"a mode within", Operator::mode_within, {number(0640)}, number(0440), ValueType::mode, Truth::holds},
      {"a smaller number is not a narrower mode",
       Operator::mode_within,
       {number(0640)},
       number(0577),
       ValueType::mode,
       Truth::breaks},
      {"set-id bits count", Operator::mode_within, {number(0755)}, number(04755), ValueType::mode, Truth::breaks},
      {"older", Operator::older_than, {number(60)}, number(now - 61), ValueType::time, Truth::holds},
      {"not older on the second", Operator::older_than, {number(60)}, number(now - 60), ValueType::time, Truth::breaks},
      {"newer", Operator::newer_than, {number(60)}, number(now - 59), ValueType::time, Truth::holds},
      {"a later version", Operator::version_at_least, {text("1.9")}, text("1.10"), ValueType::version, Truth::holds},
      {"within a network",
       Operator::within_cidr,
       {text("10.0.0.0/8")},
       text("10.1.2.3"),
       ValueType::address,
       Truth::holds},
      {"outside of it",
       Operator::within_cidr,
       {text("10.0.0.0/8")},
       text("11.0.0.1"),
       ValueType::address,
       Truth::breaks},
      {"a wider network is not within",
       Operator::within_cidr,
       {text("10.0.0.0/8")},
       text("10.0.0.0/7"),
       ValueType::address,
       Truth::breaks},
      {"IPv6",
       Operator::within_cidr,
       {text("127.0.0.0/8"), text("::1")},
       text("::1"),
       ValueType::address,
       Truth::holds},
      {"an IPv4 address mapped into IPv6",
       Operator::within_cidr,
       {text("127.0.0.0/8")},
       text("::ffff:127.0.0.1"),
       ValueType::address,
       Truth::holds},
      {"no address",
       Operator::within_cidr,
       {text("10.0.0.0/8")},
       text("localhost"),
       ValueType::address,
       Truth::unknown},
      {"a value of another type than declared",
       Operator::at_most,
       {number(5)},
       text("5"),
       ValueType::integer,
       Truth::unknown},
  }));
  CAPTURE(c.what);
  CHECK(run(test_of(c.op, c.operands), holding(c.observed), c.type) == c.truth);
}

TEST_CASE("an absent field breaks, except where absence is what is wanted", "[evaluate]") {
  struct Case {
    Operator op;
    std::vector<Value> operands;
    Truth truth;
  };
  const auto c = GENERATE(values<Case>({
      {Operator::equals, {text("no")}, Truth::breaks},
      {Operator::in, {text("no")}, Truth::breaks},
      {Operator::not_in, {text("no")}, Truth::holds},
      {Operator::contains_none, {text("no")}, Truth::holds},
      {Operator::exists, {Value{true}}, Truth::breaks},
      {Operator::exists, {Value{false}}, Truth::holds},
      {Operator::empty, {Value{true}}, Truth::holds},
      {Operator::empty, {Value{false}}, Truth::breaks},
      {Operator::matches, {text(".*")}, Truth::breaks},
      {Operator::subset_of, {text("a")}, Truth::breaks},
  }));
  CAPTURE(name_of(c.op));
  CHECK(run(test_of(c.op, c.operands), Field{Absent{}}, ValueType::text) == c.truth);
}

TEST_CASE("an unreadable field is unknown to every operator", "[evaluate]") {
  const Field denied{Unreadable{{.kind = Error::Kind::denied, .what = "permission denied"}}};
  const auto op =
      GENERATE(Operator::equals, Operator::not_in, Operator::exists, Operator::empty, Operator::contains_none);
  const bool flag = op == Operator::exists || op == Operator::empty;
  CHECK(run(test_of(op, {flag ? Value{false} : text("x")}), denied, ValueType::text) == Truth::unknown);
}

TEST_CASE("what is expected is said in words, and so is its opposite", "[evaluate]") {
  struct Case {
    Operator op;
    std::vector<Value> operands;
    ValueType type;
    const char* plain;
    const char* opposite;
  };
  const auto c = GENERATE(values<Case>({
      {Operator::equals, {text("no")}, ValueType::text, "no", "not no"},
      {Operator::equals, {Value{true}}, ValueType::boolean, "true", "false"},
      {Operator::at_most, {number(4)}, ValueType::integer, "at most 4", "more than 4"},
      {Operator::mode_within,
       {number(0640)},
       ValueType::mode,
       "no permission bit beyond 0640",
       "a permission bit beyond 0640"},
      {Operator::in, {text("a"), text("b")}, ValueType::text, "one of a, b", "none of a, b"},
      {Operator::older_than, {number(90 * 86400)}, ValueType::time, "older than 90 days", "newer than 90 days"},
      {Operator::exists, {Value{true}}, ValueType::text, "set", "not set"},
  }));
  CHECK(evaluate::describe(test_of(c.op, c.operands), c.type, false) == c.plain);
  CHECK(evaluate::describe(test_of(c.op, c.operands), c.type, true) == c.opposite);
}
