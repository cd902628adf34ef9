#include "engine/formats/dnf_conf.hpp"

#include "tests/support/catch.hpp"

using plimsoll::Error;
using namespace plimsoll::formats;

TEST_CASE("sections and settings of dnf.conf keep their order and lines", "[formats][dnf_conf]") {
  const auto conf = parse_dnf_conf(
      "# comment\n; another\n\n[main]\ngpgcheck = 1 \nexclude=a\n  b\n\tc\n \n[site]\n[main]\ngpgcheck=0\r\nempty=\n");
  REQUIRE(conf);
  CHECK(conf->sections == std::vector<std::string>{"main", "site"});
  CHECK(conf->settings == std::vector<DnfSetting>{{"main", "gpgcheck", "1", 5},
                                                  {"main", "exclude", "a\nb\nc", 6},
                                                  {"main", "gpgcheck", "0", 12},
                                                  {"main", "empty", "", 13}});
}

TEST_CASE("libdnf refuses the whole file for one bad line", "[formats][dnf_conf]") {
  struct Case {
    const char* text;
    const char* line;
  };
  const auto c = GENERATE(values<Case>({
      {"gpgcheck=1\n", "line 1"},
      {"[main]\ngpgcheck\n", "line 2"},
      {"[main]\n=1\n", "line 2"},
      {"[main\ngpgcheck=1\n", "line 1"},
      {"[]\n", "line 1"},
      {"[main]\n  gpgcheck=1\n", "line 2"},
      {"[main]\na=1\n[other]\n b\n", "line 4"},
  }));
  CAPTURE(c.text);
  const auto conf = parse_dnf_conf(c.text);
  REQUIRE_FALSE(conf);
  CHECK(conf.error().kind == Error::Kind::malformed);
  CHECK(conf.error().what.starts_with(c.line));
}

TEST_CASE("a truth of dnf is one of eight words", "[formats][dnf_conf]") {
  for (const auto* const yes : {"1", "yes", "True", "ON"}) CHECK(dnf_truth(yes) == true);
  for (const auto* const no : {"0", "no", "False", "OFF"}) CHECK(dnf_truth(no) == false);
  for (const auto* const neither : {"", "2", "enable", "yes please"}) CHECK(dnf_truth(neither) == std::nullopt);
  CHECK(dnf_list(" a, b\nc,,d ") == std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(dnf_list("").empty());
}
