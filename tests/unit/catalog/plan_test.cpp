#include <fmt/core.h>

#include "engine/catalog/catalog.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/catalog/toy_probes.hpp"

using namespace plimsoll;
using catalog::Catalog;
using catalog::Selection;

namespace {

Catalog sound() {
  auto outcome = toy::load_texts({toy::checks_file(toy::sound_checks), toy::profile_file(toy::sound_profile)});
  REQUIRE(outcome.catalog);
  return std::move(*outcome.catalog);
}

const Selection everything = {.profiles = {{"example-linux-3.0", "asked for"}}};

Plan planned(const Catalog& catalog, const Selection& selection) {
  auto outcome = catalog::make_plan(catalog, selection, toy::schemas());
  for (const auto& problem : outcome.problems) UNSCOPED_INFO(problem);
  REQUIRE(outcome.plan);
  return std::move(*outcome.plan);
}

std::vector<std::string> ids_of(const Plan& plan) {
  std::vector<std::string> ids;
  for (const auto& check : plan.checks) ids.push_back(check.id);
  return ids;
}
std::vector<std::string> rows_of(const Plan& plan) {
  std::vector<std::string> ids;
  for (const auto& row : plan.profiles.at(0).rows) ids.emplace_back(row.recommendation.id);
  return ids;
}

// The leaf of a check that is one question, written as YAML.
Leaf leaf_of(std::string_view question) {
  const auto text = fmt::format(
      "- id: one\n  title: T\n  rationale: R\n  remediation: R\n"
      "  parameters:\n    names: {{ type: list, default: [a, b] }}\n    age: {{ type: text, default: 90d }}\n"
      "    limit: {{ type: integer, default: 3 }}\n"
      "  check:\n    all:\n      - {{ probe: listener, show: [port] }}\n      - {}\n"
      "      - {{ probe: listener, where: {{ program: {{ in: $names }} }}, count: $limit }}\n"
      "      - {{ probe: files, paths: $names, none: {{ changed: {{ older_than: $age }} }}, if_empty: pass }}\n",
      question);
  auto outcome = toy::load_texts({toy::checks_file(text)});
  for (const auto& diagnostic : outcome.diagnostics) UNSCOPED_INFO(to_text(diagnostic));
  REQUIRE(outcome.catalog);
  return planned(*outcome.catalog, {.checks = {"one"}}).leaves.at(1);
}

Value text(const char* value) {
  return Value{std::string(value)};
}
Value number(std::int64_t value) {
  return Value{value};
}

}  // namespace

TEST_CASE("a plan holds each fact once, and says who reads it", "[catalog][plan]") {
  const Catalog catalog = sound();
  const Plan plan = planned(catalog, everything);
  CHECK(ids_of(plan) == std::vector<std::string>{"ip-forward", "keys-private", "listeners-seen", "ssh-root-login"});
  REQUIRE(plan.facts.size() == 5);
  REQUIRE(plan.leaves.size() == 6);
  CHECK(plan.facts[0].probe == &toy::sysctl);
  CHECK(plan.facts[0].text(0) == "net.ipv4.ip_forward");
  CHECK(plan.facts[0].leaves == std::vector<std::uint32_t>{0, 1});
  for (std::uint32_t fact = 0; fact < plan.facts.size(); ++fact) {
    for (const auto leaf : plan.facts[fact].leaves) CHECK(plan.leaves[leaf].fact == fact);
  }
  const auto& files = plan.facts[1];
  CHECK(files.arguments[0] == Value{TextList{"/etc/ssl/private", "/etc/ssh"}});
  CHECK(files.arguments[1] == text("no"));  // the schema's default
  CHECK_FALSE(files.arguments[2]);
  REQUIRE(plan.checks[3].applies);
  const Leaf& applies = plan.leaves[plan.checks[3].applies->leaf];
  CHECK(applies.quantifier == Quantifier::some);
  CHECK(applies.expect.operands == std::vector<Value>{Value{true}});
  CHECK(plan.checks[0].texts.references == std::vector<std::string_view>{"sysctl.d(5)"});
  CHECK(plan.checks[0].check.kind == Expression::Kind::all);
}

TEST_CASE("rows stand in the order of the profile, those without checks too", "[catalog][plan]") {
  const Catalog catalog = sound();
  const Plan plan = planned(catalog, everything);
  const auto& profile = plan.profiles.at(0);
  CHECK(profile.identity.role == "server");
  CHECK(profile.identity.version == "3.0");
  CHECK(profile.identity.chosen_because == "asked for");
  CHECK(rows_of(plan) == std::vector<std::string>{"3.1.1", "3.1.2", "3.2.1", "5.1"});
  CHECK(profile.rows[2].checks.empty());
  CHECK(profile.rows[2].recommendation.gap == "needs a radio");
  CHECK(profile.rows[2].recommendation.topic == "Wireless");
  CHECK(profile.rows[1].recommendation.assessment == Assessment::manual);
  CHECK(profile.rows[3].checks == std::vector<std::uint32_t>{3, 1});
  CHECK(plan.checks[1].parameters ==
        std::vector<std::pair<std::string, std::string>>{
            {"paths", "/etc/ssl/private, /etc/ssh"}, {"mode", "0640"}, {"exempt", "games"}});
}

TEST_CASE("the same check with other parameters is another entry", "[catalog][plan]") {
  const Catalog catalog = sound();
  Selection selection = everything;
  selection.role = "workstation";
  const Plan plan = planned(catalog, selection);
  CHECK(rows_of(plan) == std::vector<std::string>{"3.1.1", "3.1.2", "5.1", "5.10"});
  REQUIRE(ids_of(plan)[0] == "ip-forward");
  REQUIRE(ids_of(plan)[1] == "ip-forward");
  CHECK(plan.checks[0].parameters[0].second == "0");
  CHECK(plan.checks[1].parameters[0].second == "1");
  CHECK(plan.profiles[0].rows[0].checks == std::vector<std::uint32_t>{0});
  CHECK(plan.profiles[0].rows[3].checks == std::vector<std::uint32_t>{1});
  CHECK(plan.facts[0].leaves.size() == 4);
}

TEST_CASE("a selection leaves rows out by level, section, check and severity", "[catalog][plan]") {
  struct Case {
    const char* what;
    std::optional<int> level;
    std::vector<std::string> sections;
    std::vector<std::string> checks;
    std::optional<Severity> severity;
    std::vector<std::string> rows;
  };
  const auto c = GENERATE(values<Case>({
      {"level 1", 1, {}, {}, {}, {"3.1.1", "3.1.2", "5.1"}},
      {"a section", {}, {"3.1"}, {}, {}, {"3.1.1", "3.1.2"}},
      {"a row", {}, {"5.1"}, {}, {}, {"5.1"}},
      {"two sections", {}, {"3.2", "5"}, {}, {}, {"3.2.1", "5.1"}},
      {"a check", {}, {}, {"ip-forward"}, {}, {"3.1.1"}},
      {"a check of a row with two, which is judged whole", {}, {}, {"ssh-root-login"}, {}, {"5.1"}},
      {"a severity; rows without checks stay", {}, {}, {}, Severity::high, {"3.2.1", "5.1"}},
  }));
  CAPTURE(c.what);
  const Catalog catalog = sound();
  Selection selection = everything;
  selection.level = c.level;
  selection.sections = c.sections;
  selection.checks = c.checks;
  selection.severity = c.severity;
  const Plan plan = planned(catalog, selection);
  CHECK(rows_of(plan) == c.rows);
}

TEST_CASE("checks run by themselves without a profile", "[catalog][plan]") {
  const Catalog catalog = sound();
  const Plan plan = planned(catalog, {.checks = {"ssh-root-login", "ip-forward", "ip-forward"}});
  CHECK(ids_of(plan) == std::vector<std::string>{"ip-forward", "ssh-root-login"});
  CHECK(plan.profiles.empty());
}

TEST_CASE("values from the command line beat rows, and full names beat short ones", "[catalog][plan]") {
  const Catalog catalog = sound();
  Selection selection = everything;
  selection.set = {{"keys-private.mode", "0400"}, {"mode", "0444"}, {"paths", "/a, /b"}, {"expected", "1"}};
  const Plan plan = planned(catalog, selection);
  CHECK(plan.checks[1].parameters[1].second == "0400");
  CHECK(plan.checks[1].parameters[0].second == "/a, /b");
  CHECK(plan.facts[1].arguments[0] == Value{TextList{"/a", "/b"}});
  CHECK(plan.leaves[0].expect.operands == std::vector<Value>{number(1)});
}

TEST_CASE("a selection that names nothing is a problem with the way out", "[catalog][plan]") {
  struct Case {
    const char* what;
    Selection selection;
    const char* problem;
  };
  const auto c = GENERATE(values<Case>({
      {"profile", {.profiles = {{"example-linux-3.1", ""}}}, "did you mean `example-linux-3.0`?"},
      {"check", {.checks = {"ip-forwad"}}, "did you mean `ip-forward`?"},
      {"role", {.profiles = {{"example-linux-3.0", ""}}, .role = "servr"}, "did you mean `server`?"},
      {"section", {.profiles = {{"example-linux-3.0", ""}}, .sections = {"7"}}, "section `7`"},
      {"parameter", {.profiles = {{"example-linux-3.0", ""}}, .set = {{"expectd", "1"}}}, "did you mean `expected`?"},
      {"another check's parameter",
       {.profiles = {{"example-linux-3.0", ""}}, .set = {{"ip-forward.mode", "1"}}},
       "no chosen check has a parameter `ip-forward.mode`"},
      {"type", {.profiles = {{"example-linux-3.0", ""}}, .set = {{"expected", "one"}}}, "`one` is not an integer"},
      {"mode", {.profiles = {{"example-linux-3.0", ""}}, .set = {{"mode", "9"}}}, "`9` is not a mode"},
      {"nothing at all", {}, "nothing is left to judge"},
      {"a check outside of the rows",
       {.profiles = {{"example-linux-3.0", ""}}, .level = 1, .checks = {"ip-forward"}, .sections = {"5"}},
       "`ip-forward` answers no chosen row"},
  }));
  CAPTURE(c.what);
  const Catalog catalog = sound();
  const auto outcome = catalog::make_plan(catalog, c.selection, toy::schemas());
  CHECK_FALSE(outcome.plan);
  REQUIRE_FALSE(outcome.problems.empty());
  CHECK(outcome.problems[0].find(c.problem) != std::string::npos);
}

TEST_CASE("detection asks each profile whether it applies", "[catalog][plan]") {
  const Catalog catalog = sound();
  const Plan plan = catalog::make_detection_plan(catalog, toy::schemas());
  REQUIRE(plan.checks.size() == 1);
  CHECK(plan.checks[0].id == "example-linux-3.0");
  CHECK(plan.checks[0].texts.title == "Example Linux Benchmark");
  REQUIRE(plan.facts.size() == 1);
  CHECK(plan.facts[0].probe == &toy::package);
  CHECK(plan.leaves[0].expect.op == Operator::version_at_least);
  CHECK(plan.leaves[0].if_empty == IfEmpty::impossible);
}

TEST_CASE("conditions are bound to fields, operators and typed values", "[catalog][plan]") {
  struct Case {
    const char* condition;
    Operator op;
    std::vector<Value> operands;
  };
  const auto c = GENERATE(values<Case>({
      {"mode: \"0640\"", Operator::equals, {number(0640)}},
      {"mode: { mode_within: \"0750\" }", Operator::mode_within, {number(0750)}},
      {"owner: root", Operator::equals, {text("root")}},
      {"owner: $$x", Operator::equals, {text("$x")}},
      {"owner: { in: [root, $names] }", Operator::in, {text("root"), text("a"), text("b")}},
      {"owner: { not_in: $names }", Operator::not_in, {text("a"), text("b")}},
      {"owner: { matches: ^r }", Operator::matches, {text("^r")}},
      {"owner: { exists: false }", Operator::exists, {Value{false}}},
      {"owner: { empty: true }", Operator::empty, {Value{true}}},
      {"size: { at_most: $limit }", Operator::at_most, {number(3)}},
      {"size: { in: [1, $limit] }", Operator::in, {number(1), number(3)}},
      {"changed: { newer_than: 2w }", Operator::newer_than, {number(14 * 86400)}},
      {"changed: { older_than: $age }", Operator::older_than, {number(90 * 86400)}},
      {"changed: { at_least: \"1970-01-02\" }", Operator::at_least, {number(86400)}},
      {"changed: { at_most: \"1970-01-01T01:00:00Z\" }", Operator::at_most, {number(3600)}},
  }));
  CAPTURE(c.condition);
  const Leaf leaf =
      leaf_of(fmt::format("{{ probe: files, paths: [/etc], every: {{ {} }}, if_empty: pass }}", c.condition));
  CHECK(leaf.expect.kind == Condition::Kind::test);
  CHECK(leaf.expect.op == c.op);
  CHECK(leaf.expect.operands == c.operands);
  CHECK(leaf.if_empty == IfEmpty::pass);
}

TEST_CASE("fields that are texts or numbers take both", "[catalog][plan]") {
  const auto operand = [](std::string_view value) {
    return leaf_of(fmt::format("{{ probe: sysctl, name: x, every: {{ runtime: {} }} }}", value)).expect.operands;
  };
  CHECK(operand("1") == std::vector<Value>{number(1)});
  CHECK(operand("-1") == std::vector<Value>{number(-1)});
  CHECK(operand("\"1\"") == std::vector<Value>{text("1")});
  CHECK(operand("4096 131072") == std::vector<Value>{text("4096 131072")});
  CHECK(operand("$limit") == std::vector<Value>{number(3)});
}

TEST_CASE("lists, networks and versions are bound", "[catalog][plan]") {
  CHECK(leaf_of("{ probe: sshd, every: { ciphers: [a, b] } }").expect.operands ==
        std::vector<Value>{Value{TextList{"a", "b"}}});
  CHECK(leaf_of("{ probe: sshd, every: { ciphers: $names } }").expect.operands ==
        std::vector<Value>{Value{TextList{"a", "b"}}});
  CHECK(leaf_of("{ probe: sshd, every: { ciphers: { subset_of: $names } } }").expect.operands ==
        std::vector<Value>{text("a"), text("b")});
  CHECK(
      leaf_of("{ probe: listener, none: { address: { within_cidr: 10.0.0.0/8 } }, if_empty: pass }").expect.operands ==
      std::vector<Value>{text("10.0.0.0/8")});
  CHECK(leaf_of("{ probe: listener, none: { address: { within_cidr: [\"::/0\", 127.0.0.1] } }, if_empty: pass }")
            .expect.operands == std::vector<Value>{text("::/0"), text("127.0.0.1")});
  CHECK(leaf_of("{ probe: package, name: sudo, every: { version: { version_at_least: \"1.9\" } } }").expect.operands ==
        std::vector<Value>{text("1.9")});
}

TEST_CASE("conditions nest, and several fields or operators must all hold", "[catalog][plan]") {
  const Leaf leaf = leaf_of(
      "{ probe: listener, where: { program: sshd }, "
      "some: { port: { at_least: 1, at_most: 9 }, any: [{ program: a }, { not: { program: b } }] }, if_empty: fail }");
  CHECK(leaf.where.kind == Condition::Kind::test);
  REQUIRE(leaf.expect.kind == Condition::Kind::all);
  REQUIRE(leaf.expect.parts.size() == 2);
  CHECK(leaf.expect.parts[0].kind == Condition::Kind::all);
  CHECK(leaf.expect.parts[0].parts[1].op == Operator::at_most);
  CHECK(leaf.expect.parts[1].kind == Condition::Kind::any);
  CHECK(leaf.expect.parts[1].parts[1].kind == Condition::Kind::negation);
  CHECK(leaf.quantifier == Quantifier::some);
  CHECK(leaf.if_empty == IfEmpty::fail);
}

TEST_CASE("counts take a number or limits", "[catalog][plan]") {
  const Leaf exact = leaf_of("{ probe: listener, count: $limit }");
  CHECK(exact.quantifier == Quantifier::count);
  CHECK(exact.count_at_least == 3);
  CHECK(exact.count_at_most == 3);
  const Leaf most = leaf_of("{ probe: listener, count: { at_most: 2 } }");
  CHECK_FALSE(most.count_at_least);
  CHECK(most.count_at_most == 2);
  const Leaf shown = leaf_of("{ probe: listener, where: { port: 22 }, show: [program, port] }");
  CHECK(shown.show == std::vector<std::uint16_t>{2, 1});
}
