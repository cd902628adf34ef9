#include "reports/junit.hpp"

#include <fmt/core.h>

#include <set>
#include <string>

#include "engine/core/text.hpp"
#include "reports/markup.hpp"
#include "reports/names.hpp"
#include "reports/rows.hpp"
#include "reports/visible.hpp"

namespace plimsoll::reports {

namespace {

std::string seconds(std::int64_t milliseconds) {
  return fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
}

void describe_evidence(std::string& text, const Evidence& evidence) {
  text += fmt::format("\n{}: {}{}{}\n", name_of(evidence.bearing), evidence.resource,
                      evidence.resource.empty() || evidence.field.empty() ? "" : " ", evidence.field);
  if (!evidence.expected.empty()) text += fmt::format("  expected: {}\n", evidence.expected);
  text += fmt::format("  observed: {}\n", evidence.observed);
  if (!evidence.source.empty()) text += fmt::format("  source:   {}\n", evidence.source);
  for (const auto& [source, value] : evidence.overridden) text += fmt::format("  overrides {}: {}\n", source, value);
  if (evidence.error && !evidence.error->remedy.empty())
    text += fmt::format("  would help: {}\n", evidence.error->remedy);
}

// The text below a case: what was found, where, and what to do. A check that holds needs no words in a row that fails.
std::string description(const RowResult& row, const Results& results) {
  std::string text;
  const auto line = [&](const char* label, std::string_view value) {
    if (!value.empty()) text += fmt::format("{}: {}\n", label, value);
  };
  line("question", row.recommendation.question);
  line("not checked", row.recommendation.gap);
  for (const auto index : row.checks) {
    const auto& check = results.checks[index];
    const bool settled = check.verdict == Verdict::pass || check.verdict == Verdict::not_applicable;
    if (settled && row.verdict != Verdict::manual) continue;
    if (!text.empty()) text += '\n';
    text += fmt::format("check: {} ({})\n", check.id, check.texts.title);
    line("reason", check.reason);
    for (const auto& [name, value] : check.parameters) text += fmt::format("parameter: {} = {}\n", name, value);
    for (const auto& controls : by_standard(check.texts.controls)) line("controls", controls);
    for (const auto& evidence : check.evidence) describe_evidence(text, evidence);
    if (check.evidence_left_out > 0)
      text += fmt::format("\n{} more observations were left out\n", check.evidence_left_out);
    if (!check.texts.remediation.empty()) text += fmt::format("\nremediation: {}\n", check.texts.remediation);
  }
  return text;
}

// The kind of error that kept the first undecided check from a verdict.
std::string_view error_type(const RowResult& row, const Results& results) {
  for (const auto index : row.checks) {
    const auto& check = results.checks[index];
    if (check.verdict != Verdict::error) continue;
    for (const auto& evidence : check.evidence) {
      if (evidence.error) return name_of(evidence.error->kind);
    }
  }
  return "undecided";
}

void write_outcome(const Element& test_case, const RowResult& row, const Results& results) {
  switch (row.verdict) {
    case Verdict::pass:
      return;
    case Verdict::fail: {
      const auto severity = severity_of(row, results);
      const auto failure = test_case.add("failure");
      failure.set("type", severity ? name_of(*severity) : "failure").set("message", reason_of(row));
      failure.text(description(row, results));
      return;
    }
    case Verdict::error: {
      const auto error = test_case.add("error");
      error.set("type", error_type(row, results)).set("message", reason_of(row)).text(description(row, results));
      return;
    }
    case Verdict::manual:
      test_case.add("skipped").set("message", "MANUAL: " + reason_of(row)).text(description(row, results));
      return;
    case Verdict::not_applicable:
      test_case.add("skipped").set("message", "NOT APPLICABLE: " + reason_of(row));
      return;
  }
}

void add_properties(const Element& suite, const Results& results, const ProfileIdentity& identity) {
  const auto properties = suite.add("properties");
  const auto property = [&](const char* name, std::string_view value) {
    if (!value.empty()) properties.add("property").set("name", name).set("value", value);
  };
  property("plimsoll.run.id", results.run.id);
  property("plimsoll.run.started", utc_milliseconds(results.run.started_ms));
  property("plimsoll.run.ended", utc_milliseconds(results.run.ended_ms));
  property("plimsoll.run.user", results.run.user);
  property("plimsoll.version", results.run.tool_version);
  property("plimsoll.catalog.version", results.run.catalog_version);
  property("plimsoll.catalog.digest", results.run.catalog_digest);
  property("plimsoll.profile.id", identity.id);
  property("plimsoll.profile.title", identity.title);
  property("plimsoll.profile.version", identity.version);
  property("plimsoll.profile.role", identity.role);
  property("plimsoll.profile.chosen_because", identity.chosen_because);
  property("plimsoll.target.id", results.target.id);
  property("plimsoll.target.os", results.target.os_name);
  property("plimsoll.target.root", results.target.root);
}

std::string not_looked_at(const Results& results) {
  std::string text;
  for (const auto& limit : results.limits) {
    text += fmt::format("not looked at: {}: {}{}{}\n", limit.what, limit.why,
                        limit.remedy.empty() ? "" : "; would help: ", limit.remedy);
  }
  return text;
}

void add_suite(const Element& suites, const Results& results, const ProfileResult& profile, long long number,
               std::set<std::string>& names) {
  const auto& identity = profile.identity;
  const Totals totals = totals_of(profile);
  const std::string host = results.target.host_name.empty() ? "localhost" : results.target.host_name;
  const auto suite = suites.add("testsuite");
  suite.set("name", identity.role.empty() ? identity.id : identity.id + " " + identity.role).set("id", number);
  suite.set("package", host_of(results.target)).set("hostname", host);
  suite.set("timestamp", utc_seconds(results.run.started_ms / 1000).substr(0, 19));  // no zone: the schema's rule
  suite.set("tests", totals.all()).set("failures", totals.fail).set("errors", totals.error);
  suite.set("skipped", static_cast<long long>(totals.manual) + totals.not_applicable);
  suite.set("time", number == 0 ? seconds(results.run.ended_ms - results.run.started_ms) : "0.000");
  add_properties(suite, results, identity);
  for (const auto& row : profile.rows) {
    const auto test_case = suite.add("testcase");
    test_case.set("classname", slug(identity.id) + "." + slug(row.recommendation.section));
    test_case.set("name",
                  unique_name(one_line(fmt::format("[{}] {}", row.recommendation.id, title_of(row, results))), names));
    test_case.set("time", "0");
    write_outcome(test_case, row, results);
  }
  suite.add("system-out");
  suite.add("system-err").text(not_looked_at(results));
}

}  // namespace

Result<void> write_junit(const Results& results, const Options& /*options*/, std::ostream& out) {
  Markup document;
  const auto suites = document.top().add("testsuites");
  long long number = 0;
  std::set<std::string> names;  // readers that meet a name twice keep the first case only
  for (const auto& profile : results.profiles) add_suite(suites, results, profile, number++, names);
  document.write_xml(out);
  return {};
}

}  // namespace plimsoll::reports
