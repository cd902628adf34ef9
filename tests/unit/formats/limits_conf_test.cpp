#include "engine/formats/limits_conf.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("lines of limits.conf that count", "[formats][limits_conf]") {
  struct Case {
    std::string_view text;
    std::string domain;
    bool soft;
    bool hard;
    std::string item;
    std::int64_t value;
  };
  const auto c = GENERATE(values<Case>({
      {"* hard core 0\n", "*", false, true, "core", 0},
      {"\t*\tHARD\tCore\t0 # none\n", "*", false, true, "core", 0},
      {"@dev - core unlimited\n", "@dev", true, true, "core", -1},
      {"ann soft nofile 1024k\n", "ann", true, false, "nofile", 1024},
      {"1000: hard core -1\n", "1000:", false, true, "core", -1},
      {"@:100 hard core infinity\n", "@:100", false, true, "core", -1},
      {"* hard core -5\n", "*", false, true, "core", -1},
      {"* hard core 0 0\n", "*", false, true, "core", 0},
      {"* hard core 99999999999999999999999\n", "*", false, true, "core", 1'000'000'000'000'000},
  }));
  CAPTURE(c.text);
  const auto lines = parse_limits_conf(c.text);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].domain == c.domain);
  CHECK(lines[0].soft == c.soft);
  CHECK(lines[0].hard == c.hard);
  CHECK(lines[0].item == c.item);
  CHECK(lines[0].value == c.value);
  CHECK_FALSE(lines[0].exempt);
}

TEST_CASE("lines of limits.conf that do not count", "[formats][limits_conf]") {
  const auto text = GENERATE(values<std::string_view>({
      "#* hard core 0\n",
      "* hard core\n",
      "* hard\n",
      "*\n",
      "* hardest core 0\n",
      "* hard core none\n",
      "x:y hard core 0\n",
      ": hard core 0\n",
      "\n",
  }));
  CAPTURE(text);
  CHECK(parse_limits_conf(text).empty());
}

TEST_CASE("a line can take somebody out of all limits", "[formats][limits_conf]") {
  const auto lines = parse_limits_conf("\nann -\n");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].exempt);
  CHECK(lines[0].domain == "ann");
  CHECK(lines[0].line == 2);
}
