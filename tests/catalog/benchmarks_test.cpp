// Each profile of a benchmark has a row for every recommendation of the document: numbers counted in the documents.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "engine/catalog/catalog.hpp"
#include "engine/core/results.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;

namespace {

struct Levels {
  std::size_t one = 0, two = 0;
  bool operator==(const Levels&) const = default;
};
struct Benchmark {
  std::string_view profile, version;
  std::uint32_t recommendations, automated, manual;
  Levels server, workstation;  ///< recommendations of each level for a role; without roles all are the server's
  std::size_t without_level = 0;
};
constexpr auto benchmarks = std::to_array<Benchmark>({
    {"cis-almalinux-9", "2.0.0", 298, 278, 20, {235, 63}, {227, 66}},
    {"cis-amazon-linux-2023", "1.0.0", 243, 222, 21, {179, 64}, {0, 0}},
    {"cis-debian-12", "1.1.0", 310, 289, 21, {249, 61}, {243, 64}},
    {"cis-debian-13", "1.0.0", 343, 327, 16, {262, 81}, {250, 84}},
    {"cis-docker-1.6", "1.6.0", 117, 21, 96, {86, 31}, {0, 0}},
    {"cis-docker-1.7", "1.7.0", 117, 23, 94, {86, 31}, {0, 0}},
    {"cis-docker-1.8", "1.8.0", 118, 23, 95, {86, 31}, {0, 0}, 1},
    {"cis-rhel-10", "1.0.1", 328, 309, 19, {248, 80}, {242, 81}},
    {"cis-rhel-9", "2.0.0", 298, 278, 20, {235, 63}, {227, 66}},
    {"cis-ubuntu-22.04", "2.0.0", 300, 281, 19, {240, 60}, {234, 63}},
    {"cis-ubuntu-24.04", "1.0.0", 312, 291, 21, {251, 61}, {245, 64}},
});

/// Those of the profile, or "" for all rows of one without any.
std::vector<std::string_view> roles_of(const catalog::ProfileInfo& profile) {
  return profile.roles.empty() ? std::vector<std::string_view>{""} : profile.roles;
}

Levels levels_of(const std::vector<catalog::RowInfo>& rows) {
  Levels levels;
  for (const auto& row : rows) {
    if (row.level == 1) ++levels.one;
    if (row.level == 2) ++levels.two;
  }
  return levels;
}

}  // namespace

TEST_CASE("a profile has a row for every recommendation of its benchmark", "[catalog][benchmarks]") {
  const auto catalog = catalog::shipped();
  for (const auto& benchmark : benchmarks) {
    CAPTURE(benchmark.profile);
    const auto index = catalog.find_profile(benchmark.profile);
    REQUIRE(index);
    const auto profile = catalog.profile(*index);
    CHECK(profile.version == benchmark.version);
    CHECK(profile.coverage.rows == benchmark.recommendations);
    CHECK(profile.coverage.automated == benchmark.automated);
    CHECK(profile.coverage.manual == benchmark.manual);
    std::set<std::string_view> ids;
    for (const auto role : roles_of(profile)) {
      const auto rows = catalog.rows(*index, role);
      for (const auto& row : rows) ids.insert(row.id);
      CAPTURE(role);
      CHECK(levels_of(rows) == (role == "workstation" ? benchmark.workstation : benchmark.server));
      CHECK(std::ranges::count(rows, 0, &catalog::RowInfo::level) ==
            static_cast<std::ptrdiff_t>(benchmark.without_level));
    }
    CHECK(ids.size() == benchmark.recommendations);
  }
}

TEST_CASE("of what a benchmark calls automated, at least 95 % has a check, and the rest says why not",
          "[catalog][benchmarks]") {
  const auto catalog = catalog::shipped();
  for (const auto& benchmark : benchmarks) {
    CAPTURE(benchmark.profile);
    const auto index = catalog.find_profile(benchmark.profile);
    REQUIRE(index);
    const auto profile = catalog.profile(*index);
    CHECK(profile.coverage.automated_with_checks * 100 >= profile.coverage.automated * 95);
    std::set<std::string_view> automated_without;
    for (const auto role : roles_of(profile)) {
      for (const auto& row : catalog.rows(*index, role)) {
        if (!row.checks.empty()) continue;
        CAPTURE(row.id);
        const bool automated = row.assessment == Assessment::automated;
        CHECK_FALSE((automated ? row.gap : row.question).empty());
        if (automated) automated_without.insert(row.id);
      }
    }
    CHECK(profile.coverage.automated - profile.coverage.automated_with_checks == automated_without.size());
  }
}

TEST_CASE("every profile of a benchmark is counted here", "[catalog][benchmarks]") {
  const auto catalog = catalog::shipped();
  for (std::size_t i = 0; i < catalog.profile_count(); ++i) {
    const auto profile = catalog.profile(i);
    if (!profile.id.starts_with("cis-")) continue;
    CAPTURE(profile.id);
    CHECK(
        std::any_of(benchmarks.begin(), benchmarks.end(), [&](const auto& one) { return one.profile == profile.id; }));
  }
}
