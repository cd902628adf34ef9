#include "reports/names.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::reports;

TEST_CASE("a slug holds nothing that splits class names or breaks anchors", "[reports]") {
  struct Case {
    const char* text;
    const char* slug;
  };
  const auto c = GENERATE(values<Case>({
      {"5.1 SSH server", "5-1-ssh-server"},
      {"cis-debian-12", "cis-debian-12"},
      {"  <b>]]> & more ", "b-more"},
      {"Größe", "gr-e"},
      {"…", "other"},
      {"", "other"},
      {"snake_case", "snake_case"},
  }));
  CAPTURE(c.text);
  CHECK(slug(c.text) == c.slug);
}

TEST_CASE("a name that is taken gets a number", "[reports]") {
  std::set<std::string> taken;
  CHECK(unique_name("[A] x", taken) == "[A] x");
  CHECK(unique_name("[A] x", taken) == "[A] x (2)");
  CHECK(unique_name("[A] x (2)", taken) == "[A] x (2) (2)");
  CHECK(unique_name("[A] x", taken) == "[A] x (3)");
  CHECK(unique_anchor("r", taken) == "r");
  CHECK(unique_anchor("r", taken) == "r-2");
}
