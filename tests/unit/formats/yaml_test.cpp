#include "engine/formats/yaml.hpp"

#include <fmt/core.h>

#include "tests/support/catch.hpp"

using namespace plimsoll;
using formats::parse_yaml;
using formats::YamlNode;

namespace {

YamlNode parsed(std::string_view text) {
  auto node = parse_yaml(text);
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

TEST_CASE("places in YAML count lines and columns from one", "[formats][yaml]") {
  const auto root = parsed("# comment\nkey:\n  - { a: 1 }\n  - \"x\"\n");
  REQUIRE(root.is_map());
  REQUIRE(root.entries.size() == 1);
  CHECK(root.entries[0].first.line == 2);
  CHECK(root.entries[0].first.column == 1);
  const auto& list = root.entries[0].second;
  REQUIRE(list.items.size() == 2);
  CHECK(list.items[0].line == 3);
  CHECK(list.items[0].column == 5);
  CHECK(list.items[0].entries[0].second.column == 10);
  CHECK(list.items[1].line == 4);
  CHECK(list.items[1].column == 5);
}

TEST_CASE("scalars stay the text that was written, and say whether it was quoted", "[formats][yaml]") {
  struct Case {
    const char* yaml;
    const char* text;
    bool quoted;
  };
  const auto c = GENERATE(values<Case>({
      {"0640", "0640", false},
      {"\"0640\"", "0640", true},
      {"'no'", "no", true},
      {"no", "no", false},
      {"true", "true", false},
      {"1.10", "1.10", false},
      {"\"a\\tb\\u00e9\"", "a\tb\xC3\xA9", true},
      {"|\n  two\n  lines\n", "two\nlines\n", true},
      {">-\n  folded\n  text\n", "folded text", true},
      {"!!str 12", "12", true},
      {"\"null\"", "null", true},
      {"''", "", true},
  }));
  CAPTURE(c.yaml);
  const auto node = parsed(c.yaml);
  REQUIRE(node.is_scalar());
  CHECK(node.text == c.text);
  CHECK(node.quoted == c.quoted);
}

TEST_CASE("no value is a null node", "[formats][yaml]") {
  CHECK(parsed("").kind == YamlNode::Kind::null);
  CHECK(parsed("# only a comment\n").kind == YamlNode::Kind::null);
  CHECK(parsed("~").kind == YamlNode::Kind::null);
  CHECK(parsed("a:\n").entries[0].second.kind == YamlNode::Kind::null);
}

TEST_CASE("duplicate keys are kept in order, and find gives the first", "[formats][yaml]") {
  const auto root = parsed("a: 1\nb: 2\na: 3\n");
  REQUIRE(root.entries.size() == 3);
  CHECK(root.entries[2].first.text == "a");
  CHECK(root.entries[2].second.text == "3");
  REQUIRE(root.find("a") != nullptr);
  CHECK(root.find("a")->text == "1");
  CHECK(root.find("c") == nullptr);
  CHECK(parsed("[a]").find("a") == nullptr);
}

TEST_CASE("aliases are expanded", "[formats][yaml]") {
  const auto root = parsed("base: &b [1, { x: y }]\nuse: *b\n");
  const auto* use = root.find("use");
  REQUIRE(use != nullptr);
  REQUIRE(use->items.size() == 2);
  CHECK(use->items[1].find("x")->text == "y");
  CHECK(use->line == 2);
  CHECK(parsed("- &k key\n- { *k : 1 }\n").items[1].entries[0].first.text == "key");
}

TEST_CASE("what is not one sound document is malformed, with its place", "[formats][yaml]") {
  struct Case {
    const char* what;
    std::string yaml;
    std::uint32_t line;
  };
  const auto c = GENERATE(values<Case>({
      {"an unclosed list", "a: [1, 2\n", 1},
      {"an unterminated quote", "a: \"b\n  c: d\n", 2},
      {"an unterminated quote without a last newline", "a: 'b", 1},
      {"a tab as indentation", "a:\n\t- b\n", 2},
      {"a second document", "a: 1\n---\nb: 2\n", 2},
      {"an unknown alias", "a: 1\nb: *nothing\n", 2},
      {"an alias inside its own anchor", "a: &x\n  - *x\n", 2},
      {"a map as key", "ok: 1\n{ a: 1 }: b\n", 2},
      {"a list as key", "? [a]\n: b\n", 1},
      {"no key", "~: b\n", 1},
      {"a merge key", "a: &x { b: 1 }\nc:\n  <<: *x\n", 3},
      {"invalid UTF-8", "a: 1\nb: \"\xFF\"\n", 2},
      {"a NUL byte", std::string("a: 1\nb: \0\n", 10), 2},
      {"UTF-16",
       std::string("\xFF\xFE"
                   "a\0:\0",
                   6),
       1},
  }));
  CAPTURE(c.what);
  const auto node = parse_yaml(c.yaml);
  REQUIRE_FALSE(node);
  CHECK(node.error().kind == Error::Kind::malformed);
  CHECK_FALSE(node.error().what.empty());
  CHECK(node.error().where.line == c.line);
  CHECK(node.error().where.column > 0);
}

TEST_CASE("a document may say where it ends", "[formats][yaml]") {
  CHECK(parsed("a: 1\n...\n").find("a")->text == "1");
  CHECK(parsed("---\na: 1\n...").find("a")->text == "1");
  CHECK(parsed("a: |\n  text\n").find("a")->text == "text\n");
  CHECK(parsed("a: [1,\n  2]").find("a")->items.size() == 2);
}

TEST_CASE("a merge key in quotes is an ordinary key", "[formats][yaml]") {
  CHECK(parsed("\"<<\": 1\n").find("<<")->text == "1");
}

TEST_CASE("nesting is bounded, whatever makes it", "[formats][yaml]") {
  struct Case {
    const char* part;
    std::size_t times;
  };
  const auto c = GENERATE(values<Case>({
      {"[", 200'000},
      {"{a: ", 200'000},
      {"- ", 200'000},
      {"? ", 200'000},
      {"[{a: ", 100'000},
      {"[? ", 100'000},
      {"&a [", 100'000},
      {"!t [", 100'000},
  }));
  CAPTURE(c.part);
  const auto node = parse_yaml(repeated(c.part, c.times));
  REQUIRE_FALSE(node);
  CHECK(node.error().kind == Error::Kind::malformed);

  const auto deepest = static_cast<std::size_t>(formats::max_yaml_depth);
  CHECK(parse_yaml(repeated("[", deepest) + repeated("]", deepest)));
  CHECK_FALSE(parse_yaml(repeated("[", deepest + 1) + repeated("]", deepest + 1)));
}

TEST_CASE("indentation alone cannot nest without end", "[formats][yaml]") {
  std::string text;
  for (std::size_t i = 0; i < 2000; ++i) text += std::string(i, ' ') + "a:\n";
  const auto node = parse_yaml(text);
  REQUIRE_FALSE(node);
  CHECK(node.error().what.find("deep") != std::string::npos);
}

TEST_CASE("aliases of aliases cannot fill the memory", "[formats][yaml]") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb +=
        fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
  }
  const auto nodes = parse_yaml(bomb);
  REQUIRE_FALSE(nodes);
  CHECK(nodes.error().what.find("values") != std::string::npos);

  const auto text = parse_yaml("a: &a " + std::string(1'000'000, 'x') + "\nb: [" + repeated("*a, ", 100) + "]\n");
  REQUIRE_FALSE(text);
  CHECK(text.error().what.find("text") != std::string::npos);

  std::string chain = "a0: &a0 [x]\n";
  for (int i = 1; i < 200; ++i) chain += fmt::format("a{0}: &a{0} [*a{1}]\n", i, i - 1);
  const auto deep = parse_yaml(chain);
  REQUIRE_FALSE(deep);
  CHECK(deep.error().what.find("deep") != std::string::npos);
}
