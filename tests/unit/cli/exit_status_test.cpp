#include "engine/cli/exit_status.hpp"

#include <vector>

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::cli;

TEST_CASE("the exit status follows from verdicts and --fail-on", "[cli]") {
  struct Check {
    Verdict verdict;
    Severity severity;
  };
  struct Case {
    const char* what;
    std::vector<Check> checks;
    std::optional<Severity> fail_on;
    ExitStatus status;
  };
  const auto c = GENERATE(values<Case>({
      {"nothing judged", {}, Severity::info, exit_holds},
      {"all holds",
       {{Verdict::pass, Severity::high}, {Verdict::manual, Severity::high}, {Verdict::not_applicable, Severity::high}},
       Severity::info,
       exit_holds},
      {"a finding", {{Verdict::pass, Severity::high}, {Verdict::fail, Severity::info}}, Severity::info, exit_findings},
      {"a finding below the limit", {{Verdict::fail, Severity::medium}}, Severity::high, exit_holds},
      {"a finding at the limit", {{Verdict::fail, Severity::high}}, Severity::high, exit_findings},
      {"a finding, never failing", {{Verdict::fail, Severity::critical}}, std::nullopt, exit_holds},
      {"undecided", {{Verdict::error, Severity::info}}, Severity::critical, exit_undecided},
      {"undecided, never failing", {{Verdict::error, Severity::info}}, std::nullopt, exit_undecided},
      {"a finding wins over undecided",
       {{Verdict::error, Severity::critical}, {Verdict::fail, Severity::low}},
       Severity::info,
       exit_findings},
      {"undecided, and a finding below the limit",
       {{Verdict::fail, Severity::low}, {Verdict::error, Severity::low}},
       Severity::high,
       exit_undecided},
  }));
  CAPTURE(c.what);
  Results results;
  for (const Check& check : c.checks) {
    CheckResult result;
    result.verdict = check.verdict;
    result.severity = check.severity;
    results.checks.push_back(result);
  }
  CHECK(exit_status_of(results, c.fail_on) == c.status);
}

TEST_CASE("the table of exit statuses is in order and whole", "[cli]") {
  REQUIRE(exit_statuses().size() == 4);
  for (std::size_t index = 0; index < 4; ++index) {
    CHECK(static_cast<std::size_t>(exit_statuses()[index].status) == index);
    CHECK_FALSE(exit_statuses()[index].meaning.empty());
  }
}
