#include "reports/json.hpp"

#include <nlohmann/json.hpp>

#include "engine/core/text.hpp"
#include "reports/rows.hpp"
#include "reports/visible.hpp"

namespace plimsoll::reports {

namespace {

using Json = nlohmann::ordered_json;

std::string line(const Json& value) {
  return escape_invisible(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Json to_json(const Totals& totals) {
  return {{"pass", totals.pass},     {"fail", totals.fail},
          {"manual", totals.manual}, {"not_applicable", totals.not_applicable},
          {"error", totals.error},   {"all", totals.all()}};
}

Json to_json(const RunInfo& run) {
  return {{"id", run.id},
          {"started", utc_milliseconds(run.started_ms)},
          {"started_ms", run.started_ms},
          {"ended", utc_milliseconds(run.ended_ms)},
          {"ended_ms", run.ended_ms},
          {"user", run.user},
          {"capabilities", run.capabilities},
          {"command_line", run.command_line},
          {"tool_version", run.tool_version},
          {"catalog_version", run.catalog_version},
          {"catalog_digest", run.catalog_digest}};
}

Json to_json(const Target& target) {
  return {{"id", target.id},       {"host_name", target.host_name},   {"os_name", target.os_name},
          {"os_id", target.os_id}, {"os_version", target.os_version}, {"kernel", target.kernel},
          {"root", target.root}};
}

Json to_json(const Limit& limit) {
  return {{"what", limit.what}, {"why", limit.why}, {"remedy", limit.remedy}};
}

Json to_json(const RowResult& row, const Results& results) {
  const auto& recommendation = row.recommendation;
  const auto severity = severity_of(row, results);
  Json checks = Json::array();
  for (const auto index : row.checks) checks.push_back({{"index", index}, {"id", results.checks[index].id}});
  return {{"id", recommendation.id},
          {"title", title_of(row, results)},
          {"section", recommendation.section},
          {"level", recommendation.level},
          {"assessment", name_of(recommendation.assessment)},
          {"severity", severity ? Json(name_of(*severity)) : Json(nullptr)},
          {"verdict", name_of(row.verdict)},
          {"reason", row.reason},
          {"topic", recommendation.topic},
          {"question", recommendation.question},
          {"gap", recommendation.gap},
          {"checks", std::move(checks)}};
}

Json to_json(const Evidence& evidence) {
  Json json = {{"bearing", name_of(evidence.bearing)},
               {"resource", evidence.resource},
               {"field", evidence.field},
               {"observed", evidence.observed},
               {"expected", evidence.expected},
               {"source", evidence.source},
               {"probe", evidence.probe}};
  json["overridden"] = Json::array();
  for (const auto& [source, value] : evidence.overridden) {
    json["overridden"].push_back({{"source", source}, {"value", value}});
  }
  if (evidence.error) {
    const auto& error = *evidence.error;
    json["error"] = {{"kind", name_of(error.kind)}, {"what", error.what}, {"remedy", error.remedy}};
  }
  return json;
}

Json to_json(const CheckResult& check, const Target& target) {
  Json parameters = Json::array();
  for (const auto& [name, value] : check.parameters) parameters.push_back({{"name", name}, {"value", value}});
  Json controls = Json::array();
  for (const auto& control : check.texts.controls) {
    controls.push_back({{"standard", control.standard}, {"id", control.id}});
  }
  Json findings = Json::array();
  for (const auto& resource : resources_of(check, target)) {
    findings.push_back({{"resource", resource}, {"id", finding_id(check.id, target.id, resource)}});
  }
  Json evidence = Json::array();
  for (const auto& item : check.evidence) evidence.push_back(to_json(item));
  return {{"id", check.id},
          {"title", check.texts.title},
          {"severity", name_of(check.severity)},
          {"verdict", name_of(check.verdict)},
          {"reason", check.reason},
          {"rationale", check.texts.rationale},
          {"remediation", check.texts.remediation},
          {"references", check.texts.references},
          {"tags", check.texts.tags},
          {"controls", std::move(controls)},
          {"parameters", std::move(parameters)},
          {"findings", std::move(findings)},
          {"evidence", std::move(evidence)},
          {"evidence_left_out", check.evidence_left_out}};
}

// "name": [ … ] with one element a line.
template <class Range, class ToJson>
void write_list(std::ostream& out, const char* name, const Range& range, const ToJson& element_to_json) {
  out << '"' << name << "\":[";
  const char* separator = "\n";
  for (const auto& element : range) {
    out << separator << line(element_to_json(element));
    separator = ",\n";
  }
  out << "\n]";
}

void write_profile(std::ostream& out, const ProfileResult& profile, const Results& results) {
  const auto& identity = profile.identity;
  Json head = {{"id", identity.id},
               {"title", identity.title},
               {"version", identity.version},
               {"role", identity.role},
               {"chosen_because", identity.chosen_because},
               {"totals", to_json(totals_of(profile))}};
  std::string text = line(head);
  text.back() = ',';  // the object goes on with its rows
  out << text << '\n';
  write_list(out, "recommendations", profile.rows, [&](const RowResult& row) { return to_json(row, results); });
  out << '}';
}

}  // namespace

Result<void> write_json(const Results& results, const Options& /*options*/, std::ostream& out) {
  out << "{\"format_version\":" << line(Results::format_version) << ",\n";
  out << "\"run\":" << line(to_json(results.run)) << ",\n";
  out << "\"target\":" << line(to_json(results.target)) << ",\n";
  out << "\"totals\":" << line(to_json(results.totals())) << ",\n";
  write_list(out, "limits", results.limits, [](const Limit& limit) { return to_json(limit); });
  out << ",\n\"profiles\":[";
  const char* separator = "\n";
  for (const auto& profile : results.profiles) {
    out << separator;
    write_profile(out, profile, results);
    separator = ",\n";
  }
  out << "\n],\n";
  write_list(out, "checks", results.checks, [&](const CheckResult& check) { return to_json(check, results.target); });
  out << "\n}\n";
  return {};
}

}  // namespace plimsoll::reports
