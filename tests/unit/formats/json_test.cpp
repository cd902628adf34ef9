#include "engine/formats/json.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace plimsoll;
using formats::JsonLimits;
using formats::JsonNode;
using formats::parse_json;

namespace {

JsonNode parsed(std::string_view text) {
  auto node = parse_json(text);
  INFO(text);
  if (!node) FAIL(node.error().what);
  return *node;
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

}  // namespace

TEST_CASE("places in JSON count lines and columns from one, past whatever stands before them", "[formats][json]") {
  const auto root = parsed("{\n  \"a,:\\\"b\": [ 1,\n    {\"c\":null} , \"x\\\\\" ],\r\n\t\"d\" : true}\n");
  REQUIRE(root.is_object());
  REQUIRE(root.entries.size() == 2);
  CHECK((root.line == 1 && root.column == 1));
  CHECK(root.entries[0].key == "a,:\"b");
  CHECK((root.entries[0].line == 2 && root.entries[0].column == 3));
  const auto& list = root.entries[0].value;
  CHECK((list.line == 2 && list.column == 13));
  REQUIRE(list.items.size() == 3);
  CHECK((list.items[0].line == 2 && list.items[0].column == 15));
  CHECK((list.items[1].line == 3 && list.items[1].column == 5));
  CHECK((list.items[1].entries[0].value.line == 3 && list.items[1].entries[0].value.column == 10));
  CHECK(list.items[2].text == "x\\");
  CHECK((list.items[2].line == 3 && list.items[2].column == 18));
  CHECK((root.entries[1].line == 4 && root.entries[1].column == 2));
  CHECK((root.entries[1].value.line == 4 && root.entries[1].value.column == 8));
}

TEST_CASE("JSON values stay what was written", "[formats][json]") {
  struct Case {
    const char* json;
    JsonNode::Kind kind;
    const char* text;
  };
  using Kind = JsonNode::Kind;
  const auto c = GENERATE(values<Case>({
      {"null", Kind::null, ""},
      {" true ", Kind::boolean, "true"},
      {"false\n", Kind::boolean, "false"},
      {"0", Kind::number, "0"},
      {"-0", Kind::number, "-0"},
      {"1.10", Kind::number, "1.10"},
      {"18446744073709551616", Kind::number, "18446744073709551616"},
      {"1E+2", Kind::number, "1E+2"},
      {"\"1\"", Kind::text, "1"},
      {"\"\\u00e9\\ud83d\\ude00\\n\"", Kind::text, "\xC3\xA9\xF0\x9F\x98\x80\n"},
      {"\xEF\xBB\xBF\"after a byte order mark\"", Kind::text, "after a byte order mark"},
      {"[]", Kind::array, ""},
      {"{}", Kind::object, ""},
  }));
  const auto node = parsed(c.json);
  INFO(c.json);
  CHECK(node.kind == c.kind);
  CHECK(node.text == c.text);
}

TEST_CASE("typed readings of JSON do not convert", "[formats][json]") {
  CHECK(parsed("7").integer() == 7);
  CHECK(parsed("-9223372036854775808").integer() == INT64_MIN);
  CHECK_FALSE(parsed("9223372036854775808").integer());
  CHECK_FALSE(parsed("7.0").integer());
  CHECK_FALSE(parsed("\"7\"").integer());
  CHECK(parsed("false").boolean() == false);
  CHECK_FALSE(parsed("\"true\"").boolean());
  CHECK_FALSE(parsed("0").boolean());
}

TEST_CASE("values of JSON are found by key", "[formats][json]") {
  const auto root = parsed(R"({"Swarm": {"Cluster": {"ID": "x"}}, "swarm": 1})");
  REQUIRE(root.find_path({"Swarm", "Cluster", "ID"}) != nullptr);
  CHECK(root.find_path({"Swarm", "Cluster", "ID"})->text == "x");
  CHECK(root.find_path({"Swarm", "Cluster", "ID", "more"}) == nullptr);
  CHECK(root.find("SWARM") == nullptr);
  CHECK(root.find("swarm")->integer() == 1);
  CHECK(parsed("[]").find("a") == nullptr);
}

TEST_CASE("what is no JSON is refused with its place, and never quoted", "[formats][json]") {
  struct Case {
    const char* json;
    std::uint32_t line;
    std::uint32_t column;
  };
  const auto c = GENERATE(values<Case>({
      {"", 1, 1},
      {"{\n  // why\n  \"secret\": 1}", 2, 3},
      {"/* secret */ {}", 1, 1},
      {"{\"secret\": 1,}", 1, 14},
      {"[1 2]", 1, 4},
      {"{\"a\": 1,\n \"secret\": {},\n \"a\": 2}", 3, 2},
      {"{\"x\": {\"secret\": 1, \"secr\\u0065t\": 1}}", 1, 21},
      {"\"secret\xFF\"", 1, 8},
      {"\"\\ud83d secret\"", 1, 8},
      {"{} secret", 1, 4},
      {"{\"secret\": tru}", 1, 15},
      {"[01]", 1, 3},
      {"\"secret", 1, 8},
      {"{\"a\":", 1, 6},
      {"1e999", 1, 5},
  }));
  const auto node = parse_json(c.json);
  INFO(c.json);
  REQUIRE_FALSE(node);
  CHECK(node.error().kind == Error::Kind::malformed);
  INFO(node.error().what);
  CHECK(node.error().where.line == c.line);
  CHECK(node.error().where.column == c.column);
  CHECK(node.error().what.find("secr") == std::string::npos);
}

TEST_CASE("JSON is refused beyond its limits", "[formats][json]") {
  const JsonLimits few{.bytes = 64, .values = 5, .depth = 3};
  CHECK(parse_json("[1,2,3,4]", few));
  CHECK(parse_json("[1,2,3,4,5]", few).error().what == "more than 5 values");
  CHECK(parse_json("[[[]]]", few));
  CHECK(parse_json("[[[[]]]]", few).error().what == "nested more than 3 deep");
  CHECK(parse_json(std::string(65, ' '), few).error().kind == Error::Kind::too_large);
  CHECK(parse_json(repeated("[", 1'000'000)).error().kind == Error::Kind::malformed);
  std::string many = "{";
  for (int i = 0; i < 100'000; ++i) many += "\"" + std::to_string(i) + "\":0,";
  many.back() = '}';
  CHECK(parsed(many).entries.size() == 100'000);
}
