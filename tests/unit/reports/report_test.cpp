#include "reports/report.hpp"

#include <set>
#include <sstream>

#include "tests/golden/fixed_results.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;

namespace {

std::string written(std::string_view format, const Results& results, const reports::Options& options = {}) {
  std::ostringstream out;
  REQUIRE(reports::find(format) != nullptr);
  REQUIRE(reports::find(format)->write(results, options, out));
  return out.str();
}

}  // namespace

TEST_CASE("formats and their files have names of their own", "[reports]") {
  std::set<std::string_view> names;
  for (const auto& format : reports::all()) {
    CHECK(names.insert(format.name).second);
    CHECK(names.insert(format.default_file).second);
    CHECK_FALSE(format.summary.empty());
    CHECK(reports::find(format.name) == &format);
  }
  CHECK(reports::find("pdf") == nullptr);
  CHECK(reports::find("") == nullptr);
}

TEST_CASE("an OCSF version that is not written is refused, and nothing is written", "[reports]") {
  for (const char* version : {"1.7.0", "1.8", "", "2.0.0"}) {
    std::ostringstream out;
    const auto result = reports::find("ocsf")->write(golden::fixed_results(), {.ocsf_version = version}, out);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == Error::Kind::unsupported);
    CHECK(out.str().empty());
  }
}

TEST_CASE("the same results give the same bytes", "[reports]") {
  for (const auto& format : reports::all()) {
    CHECK(written(format.name, golden::fixed_results()) == written(format.name, golden::fixed_results()));
  }
}

TEST_CASE("results without anything in them are written in every format", "[reports]") {
  const Results empty;
  CHECK(written("ocsf", empty).empty());
  CHECK(written("junit", empty).find("<testsuites") != std::string::npos);
  CHECK(written("json", empty).find("\"checks\":[\n]") != std::string::npos);
  CHECK(written("html", empty).find("Nothing that the chosen profiles ask for was out of reach") != std::string::npos);
}

TEST_CASE("a row about a host without a name or an id still has a resource", "[reports]") {
  Results results = golden::fixed_results();
  results.target = {};
  CHECK(written("ocsf", results).find("\"hostname\"") == std::string::npos);
  CHECK(written("ocsf", results).find("\"name\":\"unknown host\"") != std::string::npos);
  CHECK(written("junit", results).find("hostname=\"localhost\"") != std::string::npos);
}

TEST_CASE("two runs differ in event ids and agree on finding ids", "[reports]") {
  Results results = golden::fixed_results();
  const auto value_of = [](const std::string& text, const std::string& before) {
    const auto at = text.find(before);
    REQUIRE(at != std::string::npos);
    return text.substr(at + before.size(), 36);
  };
  const std::string first = written("ocsf", results);
  results.run.id = "01935a5e-5f00-4a11-8d2c-90d1c8a7b666";
  const std::string second = written("ocsf", results);
  CHECK(value_of(first, "\"host\"],\"uid\":\"") != value_of(second, "\"host\"],\"uid\":\""));
  CHECK(value_of(first, "\"finding_info\":{\"uid\":\"") == value_of(second, "\"finding_info\":{\"uid\":\""));
}
