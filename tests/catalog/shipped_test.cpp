// The catalog that the program carries, as the program uses it.
#include <algorithm>
#include <string>

#include "engine/catalog/catalog.hpp"
#include "engine/probes/probe.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;

TEST_CASE("the shipped catalog opens and says what it is", "[catalog]") {
  const auto catalog = catalog::shipped();
  CHECK_FALSE(catalog.version().empty());
  CHECK(catalog.digest().size() == std::string_view("sha256:").size() + 64);
  CHECK(catalog.check_count() > 0);
  CHECK(catalog.profile_count() > 0);
}

TEST_CASE("every shipped profile makes a plan, for each of its roles", "[catalog]") {
  const auto catalog = catalog::shipped();
  for (std::size_t i = 0; i < catalog.profile_count(); ++i) {
    const auto profile = catalog.profile(i);
    auto roles = profile.roles;
    roles.emplace_back();  // the default
    for (const auto role : roles) {
      CAPTURE(profile.id, role);
      catalog::Selection selection;
      selection.profiles = {{std::string(profile.id), "tested"}};
      selection.role = role;
      const auto outcome = catalog::make_plan(catalog, selection, probes::schemas());
      for (const auto& problem : outcome.problems) UNSCOPED_INFO(problem);
      REQUIRE(outcome.plan);
      CHECK(outcome.plan->profiles.at(0).rows.size() == catalog.rows(i, role).size());
    }
  }
}

TEST_CASE("every shipped check makes a plan by itself, with what its list entry promises", "[catalog]") {
  const auto catalog = catalog::shipped();
  for (std::size_t i = 0; i < catalog.check_count(); ++i) {
    const auto check = catalog.check(i);
    CAPTURE(check.id);
    CHECK_FALSE(check.title.empty());
    CHECK_FALSE(check.rationale.empty());
    CHECK_FALSE(check.remediation.empty());
    CHECK_FALSE(check.source.empty());
    CHECK(check.line > 0);
    CHECK(catalog.find_check(check.id) == i);
    catalog::Selection selection;
    selection.checks = {std::string(check.id)};
    const auto outcome = catalog::make_plan(catalog, selection, probes::schemas());
    for (const auto& problem : outcome.problems) UNSCOPED_INFO(problem);
    REQUIRE(outcome.plan);
    CHECK(outcome.plan->checks.size() == 1);
    CHECK(outcome.plan->checks.at(0).parameters.size() == check.parameters.size());
    for (const auto& fact : outcome.plan->facts) {
      CHECK(std::find(check.probes.begin(), check.probes.end(), fact.probe->name) != check.probes.end());
    }
  }
}

TEST_CASE("detection has a question for each profile that says when it applies", "[catalog]") {
  const auto catalog = catalog::shipped();
  std::size_t applying = 0;
  for (std::size_t i = 0; i < catalog.profile_count(); ++i) applying += catalog.profile(i).has_applies ? 1U : 0U;
  CHECK(catalog::make_detection_plan(catalog, probes::schemas()).checks.size() == applying);
}
