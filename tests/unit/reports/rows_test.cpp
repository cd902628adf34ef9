#include "reports/rows.hpp"

#include "tests/golden/fixed_results.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::reports;

TEST_CASE("a row is called by its topic, else by its checks", "[reports]") {
  const Results results = golden::fixed_results();
  RowResult row;
  row.recommendation.id = "9.9";
  CHECK(title_of(row, results) == "Recommendation 9.9");
  row.checks = {0, 3};
  CHECK(title_of(row, results) ==
        std::string(results.checks[0].texts.title) + "; " + std::string(results.checks[3].texts.title));
  row.recommendation.topic = "Banners";
  CHECK(title_of(row, results) == "Banners");
}

TEST_CASE("a row is as grave as its gravest check", "[reports]") {
  const Results results = golden::fixed_results();
  RowResult row;
  CHECK_FALSE(severity_of(row, results).has_value());
  row.checks = {0, 1, 3};
  CHECK(severity_of(row, results) == Severity::critical);
}

TEST_CASE("a manual row leaves a pass to a person, and nothing else", "[reports]") {
  struct Case {
    Assessment assessment;
    Verdict check;
    Verdict within;
  };
  const auto c = GENERATE(values<Case>({
      {Assessment::automated, Verdict::pass, Verdict::pass},
      {Assessment::automated, Verdict::error, Verdict::error},
      {Assessment::manual, Verdict::pass, Verdict::manual},
      {Assessment::manual, Verdict::error, Verdict::error},
      {Assessment::manual, Verdict::not_applicable, Verdict::not_applicable},
      {Assessment::manual, Verdict::fail, Verdict::fail},
  }));
  RowResult row;
  row.recommendation.assessment = c.assessment;
  CheckResult check;
  check.verdict = c.check;
  CHECK(verdict_within(row, check) == c.within);
}

TEST_CASE("a row always has a reason", "[reports]") {
  RowResult row;
  row.verdict = Verdict::manual;
  CHECK(reason_of(row) == "a person must judge this");
  row.verdict = Verdict::error;
  CHECK(reason_of(row) == "no reason was recorded");
  row.reason = "cannot read /etc/shadow";
  CHECK(reason_of(row) == "cannot read /etc/shadow");
}

TEST_CASE("only web addresses may be followed", "[reports]") {
  CHECK(is_web_address("https://example.org"));
  CHECK(is_web_address("http://example.org"));
  CHECK_FALSE(is_web_address("javascript:alert(1)"));
  CHECK_FALSE(is_web_address("data:text/html,x"));
  CHECK_FALSE(is_web_address("HTTPS:example"));
  CHECK_FALSE(is_web_address("sshd_config(5)"));
}

TEST_CASE("a host without a name is called by its id", "[reports]") {
  Target target;
  CHECK(host_of(target) == "unknown host");
  target.id = "7d1b";
  CHECK(host_of(target) == "7d1b");
  target.host_name = "web01";
  CHECK(host_of(target) == "web01");
}
