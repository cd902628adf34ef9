#include "engine/formats/toml.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll;
using formats::parse_toml;
using formats::TomlNode;

namespace {

TomlNode parsed(std::string_view text) {
  auto node = parse_toml(text);
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

TEST_CASE("every value of TOML knows its line", "[formats][toml]") {
  const auto root = parsed(
      "# comment\nversion = 2\n\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  sandbox = 'x'\n"
      "  [plugins.\"io.containerd.grpc.v1.cri\".registry]\n    config_path = \"/etc/certs.d\"\n"
      "    mirrors = [\"a\",\n      \"b\"]\n");
  const auto* cri = root.find_path({"plugins", "io.containerd.grpc.v1.cri"});
  REQUIRE(cri != nullptr);
  CHECK(cri->line == 4);
  CHECK(root.find("version")->line == 2);
  CHECK(root.find("version")->column == 11);
  CHECK(cri->find("sandbox")->text == "x");
  CHECK(cri->find_path({"registry", "config_path"})->line == 7);
  CHECK(cri->find_path({"registry", "config_path"})->text == "/etc/certs.d");
  REQUIRE(cri->find_path({"registry", "mirrors"})->items.size() == 2);
  CHECK(cri->find_path({"registry", "mirrors"})->items[1].line == 9);
  CHECK(cri->find_path({"registry", "nothing"}) == nullptr);
  CHECK(cri->find_path({"sandbox", "nothing"}) == nullptr);
}

TEST_CASE("values of TOML keep their kind", "[formats][toml]") {
  const auto root = parsed(
      "a = true\nc = 1.5\nd = 1979-05-27\ne = \"t\\u00e9\"\nf = []\ng = {}\n"
      "b2 = 0x10\nh = '''\nmany\nlines'''\n");
  CHECK(root.find("a")->boolean() == true);
  CHECK(root.find("b2")->integer() == 16);
  CHECK(root.find("c")->kind == TomlNode::Kind::floating);
  CHECK(root.find("d")->kind == TomlNode::Kind::time);
  CHECK(root.find("e")->text == "t\xC3\xA9");
  CHECK(root.find("f")->is_array());
  CHECK(root.find("g")->is_table());
  CHECK(root.find("h")->text == "many\nlines");
  CHECK_FALSE(root.find("e")->boolean().has_value());
  CHECK_FALSE(root.find("e")->integer().has_value());
}

TEST_CASE("tables and entries of TOML stand in file order", "[formats][toml]") {
  const auto root = parsed("z = 1\na = 2\n[[registry]]\nlocation = \"x\"\n[[registry]]\nlocation = \"y\"\n[m]\n[b]\n");
  std::vector<std::string> keys;
  for (const auto& entry : root.entries) keys.push_back(entry.key);
  CHECK(keys == std::vector<std::string>{"z", "a", "registry", "m", "b"});
  REQUIRE(root.find("registry")->items.size() == 2);
  CHECK(root.find("registry")->items[1].line == 5);
  CHECK(root.find("registry")->items[1].find("location")->text == "y");
  CHECK(parsed("").entries.empty());
  CHECK(parsed("\xEF\xBB\xBFkey = 1").find("key")->integer() == 1);
}

TEST_CASE("what is no TOML is malformed, with its place", "[formats][toml]") {
  struct Case {
    const char* what;
    std::string toml;
    std::uint32_t line;
  };
  const auto c = GENERATE(values<Case>({
      {"no value", "ok = 1\na = \n", 2},
      {"no separator", "ok = 1\nword\n", 2},
      {"a word as value", "ok = 1\na = yes\n", 2},
      {"two values", "ok = 1\na = 1 b = 2\n", 2},
      {"an unterminated quote", "ok = 1\na = \"b\n", 2},
      {"an unclosed header", "ok = 1\n[a\n", 2},
      {"a key twice", "a = 1\nb = 2\na = 3\n", 3},
      {"a table twice", "[a]\n[b]\n[a]\n", 3},
      {"a value that is no table", "a = 1\n[a.b]\nc = 1\n", 2},
      {"a number beyond 64 bits", "ok = 1\na = 99999999999999999999\n", 2},
      {"invalid UTF-8", "ok = 1\na = \"\xFF\"\n", 2},
      {"a NUL byte", std::string("ok = 1\na = \"\0\"\n", 14), 2},
  }));
  CAPTURE(c.what);
  const auto node = parse_toml(c.toml);
  REQUIRE_FALSE(node);
  CAPTURE(node.error().what);
  CHECK(node.error().kind == Error::Kind::malformed);
  CHECK_FALSE(node.error().what.empty());
  CHECK(node.error().where.line == c.line);
  CHECK(node.error().where.column > 0);
}

TEST_CASE("an error of TOML does not quote the text", "[formats][toml]") {
  for (const char* text :
       {"password = hunter2\n", "password = \"hunter2\n", "hunter2\n", "password = \"\\q hunter2\"\n"}) {
    CAPTURE(text);
    const auto node = parse_toml(text);
    REQUIRE_FALSE(node);
    CHECK(node.error().what.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("TOML has limits", "[formats][toml]") {
  struct Case {
    const char* what;
    std::string toml;
    Error::Kind kind;
  };
  const auto c = GENERATE(values<Case>({
      {"lists in lists", "a = " + repeated("[", 200'000), Error::Kind::malformed},
      {"tables in tables", "a = " + repeated("{b=", 100'000), Error::Kind::malformed},
      {"a dotted key", "a" + repeated(".a", 100'000) + " = 1\n", Error::Kind::malformed},
      {"a header", "[a" + repeated(".a", 100'000) + "]\n", Error::Kind::malformed},
      {"dotted keys in tables", "a = " + repeated("{b.b.b.b.b.b=", 20) + "1" + repeated("}", 20),
       Error::Kind::malformed},
      {"brackets behind what looks like a string", "a = '\\' \nb = " + repeated("[", 100'000), Error::Kind::malformed},
      {"brackets behind many quotes", "a = \"\"\"\"\"\"\nb = " + repeated("[", 100'000), Error::Kind::malformed},
      {"values", "a = [" + repeated("1,", 30'000) + "]", Error::Kind::malformed},
      {"bytes", repeated("# comment\n", 60'000), Error::Kind::too_large},
  }));
  CAPTURE(c.what);
  const auto node = parse_toml(c.toml);
  REQUIRE_FALSE(node);
  CHECK(node.error().kind == c.kind);
}

TEST_CASE("what stands in strings and comments of TOML does not count as depth", "[formats][toml]") {
  const std::string brackets = repeated("[{.", 1000);
  const auto root = parsed("a = \"" + brackets + "\"\nb = '" + brackets + "' # " + brackets + "\nc = \"\"\"\n\\\"" +
                           brackets + "\"\"\"\nd = '''" + brackets + "''''\n");
  CHECK(root.find("a")->text == brackets);
  CHECK(root.find("b")->text == brackets);
  CHECK(root.find("c")->text == "\"" + brackets);
  CHECK(root.find("d")->text == brackets + "'");
  CHECK(parsed("a = " + repeated("[", 40) + repeated("]", 40)).find("a")->is_array());
}

TEST_CASE("lists without items are that, and nothing goes into them", "[formats][toml]") {
  const auto root = parsed("a = []\nb = [ # none\n]\nc = [[], [1, []]]\nd = { e = [] }\n[f]\ng = \"[]\"\n");
  CHECK(root.find("a")->items.empty());
  CHECK(root.find("b")->items.empty());
  REQUIRE(root.find("c")->items.size() == 2);
  CHECK(root.find("c")->items[0].items.empty());
  CHECK(root.find("c")->items[1].items.size() == 2);
  CHECK(root.find_path({"d", "e"})->items.empty());
  CHECK(root.find_path({"f", "g"})->text == "[]");
  for (const char* text :
       {"a = []\na.b = 1\n", "a = []\n[a.b]\n", "a = []\n[[a]]\n", "a = [ ]\n[[a.b]]\n", "[]\n", "[[]]\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_toml(text).has_value());
  }
}
