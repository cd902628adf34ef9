#include "engine/formats/pam_settings.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("names and values of pwquality.conf and faillock.conf", "[formats][pam_settings]") {
  struct Case {
    std::string_view text;
    std::string name;
    std::string value;
  };
  const auto c = GENERATE(values<Case>({
      {"minlen = 14\n", "minlen", "14"},
      {"minlen=14", "minlen", "14"},
      {"\t minlen\t14 \n", "minlen", "14"},
      {"dcredit = -1 # one digit\n", "dcredit", "-1"},
      {"enforce_for_root\n", "enforce_for_root", ""},
      {"enforce_for_root =\n", "enforce_for_root", ""},
      {"deny == 5\n", "deny", "= 5"},
      {"deny = = 5\n", "deny", "= 5"},
      {"badwords = a b\r\n", "badwords", "a b"},
      {"=\n", "", ""},
  }));
  CAPTURE(c.text);
  const auto found = parse_pam_settings(c.text);
  REQUIRE(found.settings.size() == 1);
  CHECK(found.settings[0].name == c.name);
  CHECK(found.settings[0].value == c.value);
}

TEST_CASE("comments and empty lines set nothing, and lines keep their numbers", "[formats][pam_settings]") {
  const auto found = parse_pam_settings("# deny = 3\n\n  #x\ndeny = 4\n");
  REQUIRE(found.settings.size() == 1);
  CHECK(found.settings[0].line == 4);
}

TEST_CASE("a line that is too long ends the file", "[formats][pam_settings]") {
  const auto found = parse_pam_settings("a = 1\n" + std::string(2000, 'b') + "\nc = 1\n", 1023);
  CHECK(found.settings.size() == 1);
  CHECK(found.too_long == 2U);
}

TEST_CASE("of equal keys PAM modules take the first", "[formats][pam_settings]") {
  const auto found = find_pam_key("#remember = 1\nREMEMBER = 24\nremember = 3\n", "remember");
  REQUIRE(found);
  CHECK(found->value == "24");
  CHECK(found->line == 2);
  CHECK(find_pam_key("ENCRYPT_METHOD\tSHA512\n", "encrypt_method")->value == "SHA512");
  CHECK(find_pam_key("enforce_for_root\n", "enforce_for_root")->value.empty());
  CHECK_FALSE(find_pam_key("remembers = 1\n", "remember"));
}

TEST_CASE("numbers as the C library takes them", "[formats][pam_settings]") {
  CHECK(scan_unsigned(" 5x", 16) == 5);
  CHECK(scan_unsigned("-1", 16) == 65535);
  CHECK_FALSE(scan_unsigned("never", 32));
  CHECK_FALSE(scan_unsigned("", 32));
  CHECK(leading_integer("24 ") == 24);
  CHECK(leading_integer("-3") == -3);
  CHECK(leading_integer("x") == 0);
}
