#include "engine/cli/audit_settings.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::cli;

namespace {

constexpr reports::Format formats[] = {{"json", "results.json", "", nullptr}};

std::expected<AuditSettings, std::string> settings_of(std::vector<std::string> words) {
  words.insert(words.begin(), "audit");
  const auto line = parse(words);
  REQUIRE(line.has_value());
  return audit_settings(*line, formats);
}

}  // namespace

TEST_CASE("without options an audit detects, judges the running host and counts every finding", "[cli]") {
  const auto settings = settings_of({});
  REQUIRE(settings.has_value());
  CHECK(settings->detects());
  CHECK(settings->root == "/");
  CHECK(settings->fail_on == Severity::info);
  CHECK(settings->timeout == std::chrono::minutes(5));
  CHECK(settings->jobs == 0);
  CHECK(settings->colour);
  CHECK_FALSE(settings->selection.level.has_value());
  CHECK(settings->report_options.ocsf_version == "1.8.0");
}

TEST_CASE("each option of an audit reaches its setting", "[cli]") {
  const auto settings = settings_of({"--profile",      "a",     "--profile",  "b",      "--profile", "a",
                                     "--level",        "2",     "--role",     "server", "--section", "5.1",
                                     "--check",        "c",     "--severity", "high",   "--set",     "x.limit=a=b",
                                     "--root",         "/mnt",  "--catalog",  "/etc/p", "--report",  "json=-",
                                     "--ocsf-version", "1.6.0", "--fail-on",  "never",  "--timeout", "7",
                                     "--jobs",         "3",     "-a",         "-q",     "--no-color"});
  REQUIRE(settings.has_value());
  const catalog::Selection& selection = settings->selection;
  REQUIRE(selection.profiles.size() == 2);
  CHECK(selection.profiles[1].id == "b");
  CHECK(selection.profiles[1].chosen_because == "asked for with --profile");
  CHECK_FALSE(settings->detects());
  CHECK(selection.level == 2);
  CHECK(selection.role == "server");
  CHECK(selection.sections == std::vector<std::string>{"5.1"});
  CHECK(selection.checks == std::vector<std::string>{"c"});
  CHECK(selection.severity == Severity::high);
  REQUIRE(selection.set.size() == 1);
  CHECK(selection.set[0] == std::pair<std::string, std::string>("x.limit", "a=b"));
  CHECK(settings->root == "/mnt");
  CHECK(settings->catalogs == std::vector<std::string>{"/etc/p"});
  CHECK(settings->report_on_stdout());
  CHECK(settings->report_options.ocsf_version == "1.6.0");
  CHECK_FALSE(settings->fail_on.has_value());
  CHECK(settings->timeout == std::chrono::seconds(7));
  CHECK(settings->jobs == 3);
  CHECK((settings->all && settings->quiet && !settings->colour));
}

TEST_CASE("sections come one by one and between commas", "[cli]") {
  const auto settings = settings_of({"--section", "5.1,1.2.1", "-s", "6"});
  REQUIRE(settings.has_value());
  CHECK(settings->selection.sections == std::vector<std::string>{"5.1", "1.2.1", "6"});
}

TEST_CASE("what chooses rows of a profile is refused where there is no profile", "[cli]") {
  const std::string option = GENERATE("--level=1", "--role=server", "--section=5");
  const auto settings = settings_of({"--check", "c", option});
  REQUIRE_FALSE(settings.has_value());
  CHECK(settings.error().starts_with(option.substr(0, option.find('='))));
}

TEST_CASE("a command line is recorded as a shell would take it again", "[cli]") {
  CHECK(shell_words(std::vector<std::string>{"audit", "--set", "a b=c'd", "", "--report=json=-"}) ==
        "audit --set 'a b=c'\\''d' '' --report=json=-");
}
