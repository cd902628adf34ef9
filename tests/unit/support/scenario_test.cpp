#include "tests/scenarios/scenario.hpp"

#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace plimsoll;

namespace {

scenarios::Loaded load(const std::string& text) {
  const tests::TemporaryDirectory folder;
  folder.write("/a-check.yaml", text);
  return scenarios::load(folder.path());
}

}  // namespace

TEST_CASE("a world sets parameters as profiles do", "[support]") {
  const auto loaded = load("- world: w\n  set: { limit: 4, allowed: [a, b], mode: \"0640\" }\n  verdict: pass\n");
  for (const auto& problem : loaded.problems) UNSCOPED_INFO(problem);
  REQUIRE(loaded.problems.empty());
  const auto& set = loaded.scenarios.at(0).worlds.at(0).set;
  REQUIRE(set.size() == 3);
  CHECK(set[0].text == "4");
  CHECK_FALSE(set[0].is_list);
  CHECK(set[1].text == "a,b");
  CHECK(set[1].is_list);
  CHECK(set[2].text == "0640");
}

TEST_CASE("settings that would be lost are refused", "[support]") {
  struct Case {
    const char* what;
    const char* set;
    const char* problem;
  };
  const auto c = GENERATE(values<Case>({
      {"no map", "4", "`set:` is a map of parameters and values"},
      {"nothing in it", "{}", "`set:` is a map of parameters and values"},
      {"a map for a value", "{ limit: { a: b } }", "`limit` of `set:` is a value or a list of values"},
      {"no value", "{ limit: }", "`limit` of `set:` is a value or a list of values"},
      {"a list of lists", "{ limit: [[a]] }", "an item of `limit` is a text without commas"},
      {"an item with a comma", "{ limit: [\"a,b\"] }", "an item of `limit` is a text without commas"},
      {"an empty item", "{ limit: [\"\"] }", "an item of `limit` is a text without commas"},
  }));
  CAPTURE(c.what);
  const auto loaded = load(std::string("- world: w\n  set: ") + c.set + "\n  verdict: pass\n");
  REQUIRE(loaded.problems.size() == 1);
  CHECK(loaded.problems[0].ends_with(std::string(":2: ") + c.problem));
}

TEST_CASE("a list is for parameters that are lists, and for no others", "[support]") {
  CHECK(scenarios::misfit({"allowed", "a,b", true}, ValueType::list).empty());
  CHECK(scenarios::misfit({"limit", "4", false}, ValueType::integer).empty());
  CHECK(scenarios::misfit({"allowed", "a", false}, ValueType::list) == "`allowed` of `set:` is a list: write [a, b]");
  CHECK(scenarios::misfit({"limit", "4", true}, ValueType::integer) == "`limit` of `set:` is one value, no list");
}
