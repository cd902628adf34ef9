#include "engine/core/results.hpp"

#include <algorithm>
#include <array>

#include "tests/support/catch.hpp"

using namespace plimsoll;

TEST_CASE("of several verdicts a failure counts first, and then what could not be decided", "[core]") {
  std::array verdicts = {Verdict::pass, Verdict::fail, Verdict::manual, Verdict::not_applicable, Verdict::error};
  std::ranges::sort(verdicts, {}, rank_of);
  CHECK(verdicts == std::array{Verdict::fail, Verdict::error, Verdict::manual, Verdict::pass, Verdict::not_applicable});
}

TEST_CASE("each verdict is counted under its own name", "[core]") {
  for (const auto verdict : {Verdict::pass, Verdict::fail, Verdict::manual, Verdict::not_applicable, Verdict::error}) {
    Totals totals;
    totals.count(verdict);
    totals.count(verdict);
    CAPTURE(name_of(verdict));
    CHECK(totals.of(verdict) == 2);
    CHECK(totals.all() == 2);
  }
}
