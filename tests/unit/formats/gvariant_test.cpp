#include "engine/formats/gvariant.hpp"

#include "tests/support/catch.hpp"

using plimsoll::Error;
using namespace plimsoll::formats;
using namespace std::string_literals;

TEST_CASE("a value in text form has the type that GLib gives it", "[formats][gvariant]") {
  struct Case {
    const char* text;
    const char* type;  // empty with an empty value: refused
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"true", "b", "true"},
      {" false \t", "b", "false"},
      {"boolean true", "b", "true"},
      {"900", "i", "900"},
      {"-1", "i", "-1"},
      {"0x10", "i", "16"},
      {"017", "i", "15"},
      {"+7", "i", "7"},
      {"-0", "i", "0"},
      {"2147483647", "i", "2147483647"},
      {"-2147483648", "i", "-2147483648"},
      {"uint32 900", "u", "900"},
      {"@u 900", "u", "900"},
      {"uint32 4294967295", "u", "4294967295"},
      {"byte 255", "y", "255"},
      {"int64 -9223372036854775808", "x", "-9223372036854775808"},
      {"uint64 18446744073709551615", "t", "18446744073709551615"},
      {"1.5", "d", "1.5"},
      {"1e3", "d", "1e3"},
      {"'Keep out.'", "s", "Keep out."},
      {"\"it's\"", "s", "it's"},
      {"'it\\'s\\n'", "s", "it's\n"},
      {"'\\u00e4'", "s", "\xc3\xa4"},
      {"'\\U0001f600'", "s", "\xf0\x9f\x98\x80"},
      {"''", "s", ""},
      {"objectpath '/a'", "o", "/a"},
      {"['a', 'b']", "", "['a', 'b']"},
      {"@as []", "as", "[]"},
      {"<true>", "", "<true>"},
  }));
  CAPTURE(c.text);
  const auto value = parse_variant_text(c.text);
  REQUIRE(value);
  CHECK(value->type == c.type);
  CHECK(value->text == c.value);
}

TEST_CASE("a text that is no value is refused", "[formats][gvariant]") {
  const auto* const text = GENERATE(
      values<const char*>({"",         "yes",         "True",       "Keep out.",   "'open",     "'two' 'strings'",
                           "'a\\",     "'\\u12'",     "2147483648", "-2147483649", "uint32 -1", "uint32 4294967296",
                           "byte 256", "uint32 true", "string 5",   "boolean 'x'", "@u",        "@z 5",
                           "09",       "0x",          "1.5.5",      "uint32 1.5"}));
  CAPTURE(text);
  const auto value = parse_variant_text(text);
  REQUIRE_FALSE(value);
  CHECK(value.error().kind == Error::Kind::malformed);
}

TEST_CASE("a stored value is read in the order of bytes of its file", "[formats][gvariant]") {
  CHECK(parse_variant_bytes("\x84\x03\0\0\0u"s, false) == Variant{"u", "900"});
  CHECK(parse_variant_bytes("\0\0\x03\x84\0u"s, true) == Variant{"u", "900"});
  CHECK(parse_variant_bytes("\xff\xff\xff\xff\0i"s, false) == Variant{"i", "-1"});
  CHECK(parse_variant_bytes("\xff\0y"s, false) == Variant{"y", "255"});
  CHECK(parse_variant_bytes("\1\0b"s, false) == Variant{"b", "true"});
  CHECK(parse_variant_bytes("text\0\0s"s, false) == Variant{"s", "text"});
  CHECK(parse_variant_bytes("\0\0s"s, false) == Variant{"s", ""});
  CHECK(parse_variant_bytes("\0\0\0\0\0\0\xf8\x3f\0d"s, false) == Variant{"d", "1.5"});
}

TEST_CASE("stored bytes that are no value are refused", "[formats][gvariant]") {
  for (const auto& bytes : {""s, "u"s, "\0"s, "\1\0u"s, "\2\0b"s, "text\0s"s, "te\0xt\0\0s"s, "\0d"s}) {
    const auto value = parse_variant_bytes(bytes, false);
    REQUIRE_FALSE(value);
    CHECK(value.error().kind == Error::Kind::malformed);
  }
  CHECK(parse_variant_bytes("\0as"s, false).error().kind == Error::Kind::unsupported);
}
