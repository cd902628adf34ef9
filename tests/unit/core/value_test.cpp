#include "engine/core/value.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll;

TEST_CASE("versions are ordered as dpkg orders them", "[core]") {
  struct Case {
    const char* left;
    const char* right;
    int order;
  };
  const auto c = GENERATE(values<Case>({
      {"1.0", "1.0", 0},
      {"1.0", "1.00", 0},
      {"1.2", "1.10", -1},
      {"1:0.1", "9.9", 1},
      {"0:1.0", "1.0", 0},
      {"1.0~rc1", "1.0", -1},
      {"1.0~~", "1.0~", -1},
      {"1.0-1", "1.0-2", -1},
      {"1.0", "1.0-1", -1},
      {"1.0a", "1.0+", -1},
      {"1:9.2p1-2+deb12u3", "1:9.2p1-2", 1},
      {"2024.01.01", "2023.12.31", 1},
      {"", "0", 0},
  }));
  CAPTURE(c.left, c.right);
  const auto sign = [](int order) { return (order > 0) - (order < 0); };
  CHECK(sign(compare_versions(c.left, c.right)) == c.order);
  CHECK(sign(compare_versions(c.right, c.left)) == -c.order);
}

TEST_CASE("mode bits are octal text and nothing else", "[core]") {
  CHECK(parse_mode("0640") == 0640);
  CHECK(parse_mode("640") == 0640);
  CHECK(parse_mode("7777") == 07777);
  CHECK_FALSE(parse_mode("0o640"));
  CHECK_FALSE(parse_mode("0688"));
  CHECK_FALSE(parse_mode(""));
  CHECK_FALSE(parse_mode("17777"));
  CHECK_FALSE(parse_mode("-1"));
}

TEST_CASE("integers are whole and in range", "[core]") {
  CHECK(parse_integer("42") == 42);
  CHECK(parse_integer("-3") == -3);
  CHECK(parse_integer("+3") == 3);
  CHECK_FALSE(parse_integer("+-3"));
  CHECK_FALSE(parse_integer("4 2"));
  CHECK_FALSE(parse_integer(""));
  CHECK_FALSE(parse_integer("0x10"));
  CHECK_FALSE(parse_integer("9223372036854775808"));
}

TEST_CASE("durations have a unit", "[core]") {
  CHECK(parse_duration("90d") == 90 * 86400);
  CHECK(parse_duration("2w") == 14 * 86400);
  CHECK(parse_duration("45s") == 45);
  CHECK_FALSE(parse_duration("90"));
  CHECK_FALSE(parse_duration("-1d"));
  CHECK_FALSE(parse_duration("99999999999999999w"));
}

TEST_CASE("values read as a person writes them", "[core]") {
  CHECK(to_text(Value{std::int64_t{0640}}, ValueType::mode) == "0640");
  CHECK(to_text(Value{std::int64_t{0}}, ValueType::time) == "1970-01-01T00:00:00Z");
  CHECK(to_text(Value{true}, ValueType::boolean) == "true");
  CHECK(to_text(Value{TextList{"a", "b"}}, ValueType::list) == "a, b");
}
