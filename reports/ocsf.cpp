#include "reports/ocsf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/core/text.hpp"
#include "reports/ocsf_words.hpp"
#include "reports/rows.hpp"
#include "reports/visible.hpp"

namespace plimsoll::reports {

namespace {

using Json = nlohmann::ordered_json;

// What one event is about.
struct Finding {
  const ProfileResult& profile;
  const RowResult& row;
  const CheckResult* check;  ///< null: a row without a check
  Verdict verdict;
  std::string resource;
  std::string uid;
};

void set_time(Json& object, const std::string& name, std::int64_t milliseconds) {
  object[name] = milliseconds;
  object[name + "_dt"] = utc_milliseconds(milliseconds);
}

// OCSF asks for absence, not for an empty text.
void set_text(Json& object, const char* name, std::string_view text) {
  if (!text.empty()) object[name] = text;
}

void set_word(Json& object, const char* id, const char* caption, OcsfWord word) {
  object[id] = word.id;
  object[caption] = word.caption;
}

bool names_the_host(const Finding& finding, const Target& target) {
  return finding.resource == host_of(target);
}

std::string resource_uid(const Finding& finding, const Target& target) {
  std::string host = "host:" + (target.id.empty() ? host_of(target) : target.id);
  if (names_the_host(finding, target)) return host;
  return host + (finding.resource.starts_with('/') ? "" : "/") + finding.resource;
}

std::vector<const Evidence*> evidence_for(const Finding& finding) {
  std::vector<const Evidence*> chosen;
  if (finding.check == nullptr) return chosen;
  for (const auto& evidence : finding.check->evidence) {
    if (evidence.resource.empty() || evidence.resource == finding.resource) chosen.push_back(&evidence);
  }
  // The resource was made up by the results model (the host) when no evidence names one: then all of it counts.
  if (chosen.empty()) {
    for (const auto& evidence : finding.check->evidence) chosen.push_back(&evidence);
  }
  return chosen;
}

std::string subject_of(const Evidence& evidence) {
  if (evidence.field.empty()) return std::string(evidence.probe.empty() ? "evidence" : evidence.probe);
  return evidence.probe.empty() ? std::string(evidence.field) : fmt::format("{}.{}", evidence.probe, evidence.field);
}

std::string statement_of(const Evidence& evidence) {
  std::string text = subject_of(evidence) + " is " + evidence.observed;
  if (!evidence.expected.empty()) text += ", expected " + evidence.expected;
  if (!evidence.source.empty()) text += " (" + evidence.source + ")";
  return text;
}

Json metadata(const Finding& finding, const Results& results, const std::string& version, std::int64_t sequence) {
  const auto& run = results.run;
  const auto& identity = finding.profile.identity;
  const auto& recommendation = finding.row.recommendation;
  Json product = {{"name", "plimsoll"}, {"uid", "plimsoll"}, {"vendor_name", "plimsoll project"}};
  set_text(product, "version", run.tool_version);
  Json feature = {{"name", "check catalog"}};
  set_text(feature, "uid", run.catalog_digest);
  set_text(feature, "version", run.catalog_version);
  product["feature"] = std::move(feature);

  Json labels = Json::array({"target:host", "profile:" + identity.id});
  if (!identity.role.empty()) labels.push_back("role:" + identity.role);
  if (recommendation.level > 0) labels.push_back(fmt::format("level:{}", recommendation.level));
  labels.push_back(fmt::format("assessment:{}", name_of(recommendation.assessment)));
  labels.push_back(fmt::format("recommendation_verdict:{}", name_of(finding.row.verdict)));
  if (finding.check != nullptr) {
    for (const auto& tag : finding.check->texts.tags) labels.push_back(fmt::format("tag:{}", tag));
  }

  Json json = {{"version", version}, {"profiles", Json::array({"datetime", "host"})}};
  // New in every run, unlike the finding's: the same run written twice gives the same bytes.
  const auto row = fmt::format("{}/{}", identity.id, recommendation.id);
  json["uid"] = finding_id(run.id, row, fmt::format("{}#{}", finding.uid, sequence));
  set_text(json, "correlation_uid", run.id);
  json["sequence"] = sequence;
  json["event_code"] = finding.check != nullptr ? finding.check->id : row;
  json["log_name"] = "plimsoll";
  json["product"] = std::move(product);
  json["labels"] = std::move(labels);
  return json;
}

Json finding_info(const Finding& finding, const Results& results) {
  const auto& recommendation = finding.row.recommendation;
  Json info = {{"uid", finding.uid}};
  info["title"] = finding.check != nullptr ? std::string(finding.check->texts.title) : title_of(finding.row, results);
  if (finding.check != nullptr) {
    set_text(info, "desc", finding.check->texts.rationale);
  } else {
    set_text(info, "desc", recommendation.question.empty() ? recommendation.gap : recommendation.question);
  }
  info["types"] = Json::array({"Compliance", "Configuration Check"});
  for (const char* name : {"created_time", "modified_time", "last_seen_time"})
    set_time(info, name, results.run.ended_ms);
  Json sources = Json::array();
  for (const auto* evidence : evidence_for(finding)) {
    if (!evidence->source.empty() && std::find(sources.begin(), sources.end(), evidence->source) == sources.end()) {
      sources.push_back(evidence->source);
    }
  }
  if (!sources.empty()) info["data_sources"] = std::move(sources);
  if (finding.check != nullptr) {
    Json analytic = {
        {"uid", finding.check->id}, {"name", finding.check->texts.title}, {"type_id", 1}, {"type", "Rule"}};
    set_text(analytic, "version", results.run.catalog_version);
    info["analytic"] = std::move(analytic);
  }
  return info;
}

// Only what was read either meets the criteria or does not; the rest is evidence alone.
Json assessments(const std::vector<const Evidence*>& evidence) {
  Json list = Json::array();
  for (const auto* item : evidence) {
    if (item->bearing != Bearing::holds && item->bearing != Bearing::breaks) continue;
    list.push_back({{"uid", fmt::format("assessment-{}", list.size() + 1)},
                    {"name", subject_of(*item)},
                    {"desc", statement_of(*item)},
                    {"meets_criteria", item->bearing == Bearing::holds}});
  }
  return list;
}

Json compliance(const Finding& finding, const Results& results) {
  const auto& recommendation = finding.row.recommendation;
  const std::string standard = standard_of(finding.profile.identity);
  const auto evidence = evidence_for(finding);
  Json json = {{"standards", Json::array({standard})}, {"control", recommendation.id}};
  set_text(json, "category", recommendation.section);
  json["desc"] = title_of(finding.row, results);
  set_word(json, "status_id", "status", ocsf_status(finding.verdict));
  json["status_code"] = name_of(finding.verdict);

  Json details = Json::array();
  const auto detail = [&](std::string_view text) {
    if (!text.empty() && std::find(details.begin(), details.end(), text) == details.end()) details.push_back(text);
  };
  detail(finding.check != nullptr ? finding.check->reason : reason_of(finding.row));
  detail(recommendation.question);
  detail(recommendation.gap);
  for (const auto* item : evidence) {
    detail(statement_of(*item));
    if (item->error) detail(item->error->remedy);
  }
  if (finding.check != nullptr && finding.check->evidence_left_out > 0) {
    detail(fmt::format("{} more observations of this check were left out", finding.check->evidence_left_out));
  }
  if (!details.empty()) json["status_details"] = std::move(details);

  if (finding.check == nullptr) return json;
  const auto& check = *finding.check;
  for (const auto& control : check.texts.controls) json["requirements"].push_back(title_of(control));
  Json parameters = Json::array();
  for (const auto& [name, value] : check.parameters) parameters.push_back({{"name", name}, {"value", value}});
  if (!parameters.empty()) json["control_parameters"] = std::move(parameters);
  Json entry = {{"uid", recommendation.id}, {"name", check.texts.title}, {"standards", Json::array({standard})}};
  set_text(entry, "version", finding.profile.identity.version);
  set_word(entry, "severity_id", "severity", ocsf_severity(check.severity));
  set_word(entry, "status_id", "status", ocsf_status(check.verdict));
  json["checks"] = Json::array({std::move(entry)});
  if (Json list = assessments(evidence); !list.empty()) json["assessments"] = std::move(list);
  return json;
}

Json evidences(const Finding& finding) {
  Json list = Json::array();
  for (const auto* item : evidence_for(finding)) {
    Json json = {{"uid", fmt::format("evidence-{}", list.size() + 1)}, {"name", subject_of(*item)}};
    const auto place = ocsf_place(item->source);
    if (!place.path.empty()) {
      // What kind of file it is was not recorded with the evidence, so it is not claimed.
      json["file"] = {{"name", place.name}, {"path", place.path}, {"type_id", 0}, {"type", "Unknown"}};
    }
    Json data = {{"bearing", name_of(item->bearing)}, {"observed", item->observed}};
    set_text(data, "expected", item->expected);
    set_text(data, "resource", item->resource);
    set_text(data, "source", item->source);
    if (place.line > 0) data["line"] = place.line;
    for (const auto& [source, value] : item->overridden) {
      data["overridden"].push_back({{"source", source}, {"value", value}});
    }
    if (item->error) {
      data["error"] = {{"kind", name_of(item->error->kind)}, {"what", item->error->what}};
      set_text(data["error"], "remedy", item->error->remedy);
    }
    json["data"] = std::move(data);
    list.push_back(std::move(json));
  }
  return list;
}

Json device(const Target& target) {
  Json json = {{"type_id", 0}, {"type", "Unknown"}, {"name", host_of(target)}};
  set_text(json, "uid", target.id);
  set_text(json, "hostname", target.host_name);
  Json os = {{"name", target.os_name.empty() ? "Linux" : target.os_name}, {"type_id", 200}, {"type", "Linux"}};
  set_text(os, "version", target.os_version);
  set_text(os, "kernel_release", target.kernel);
  json["os"] = std::move(os);
  return json;
}

Json observables(const Finding& finding, const Target& target, const Json& evidence) {
  Json list = Json::array();
  const auto add = [&](std::string name, int type_id, const char* type, const std::string& value) {
    if (!value.empty())
      list.push_back({{"name", std::move(name)}, {"type_id", type_id}, {"type", type}, {"value", value}});
  };
  add("device.hostname", 1, "Hostname", target.host_name);
  add("resources[0].uid", 10, "Resource UID", resource_uid(finding, target));
  add("resources[0].name", 38, "Resource Details Object: name", finding.resource);
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    if (!evidence[i].contains("file")) continue;
    add(fmt::format("evidences[{}].file.path", i), 45, "File Path", evidence[i]["file"]["path"].get<std::string>());
  }
  return list;
}

Json event(const Finding& finding, const Results& results, const std::string& version, std::int64_t sequence) {
  const std::string reason = finding.check != nullptr ? finding.check->reason : reason_of(finding.row);
  const auto& target = results.target;
  const std::string verdict(name_of(finding.verdict));
  Json json = {{"activity_id", 1},   {"activity_name", "Create"},
               {"category_uid", 2},  {"category_name", "Findings"},
               {"class_uid", 2003},  {"class_name", "Compliance Finding"},
               {"type_uid", 200301}, {"type_name", "Compliance Finding: Create"}};
  const Severity severity = finding.check != nullptr ? finding.check->severity : Severity::info;
  set_word(json, "severity_id", "severity", ocsf_event_severity(finding.verdict, severity));
  set_time(json, "time", results.run.ended_ms);
  set_time(json, "start_time", results.run.started_ms);
  set_time(json, "end_time", results.run.ended_ms);
  json["timezone_offset"] = 0;
  json["message"] = one_line(fmt::format("{} {} {} on {}: {}", word_of(finding.verdict), finding.row.recommendation.id,
                                         finding.resource, host_of(target), reason));
  json["status_id"] = 1;
  json["status"] = "New";
  json["status_code"] = verdict;
  set_text(json, "status_detail", reason);
  json["metadata"] = metadata(finding, results, version, sequence);
  json["finding_info"] = finding_info(finding, results);
  json["compliance"] = compliance(finding, results);
  Json resource = {{"uid", resource_uid(finding, target)}, {"name", finding.resource}};
  if (names_the_host(finding, target)) resource["type"] = "host";
  set_text(resource, "hostname", target.host_name);
  resource["role_id"] = 1;
  resource["role"] = "Target";
  json["resources"] = Json::array({std::move(resource)});
  json["device"] = device(target);
  if (finding.check != nullptr && !finding.check->texts.remediation.empty()) {
    json["remediation"] = {{"desc", finding.check->texts.remediation}};
    if (!finding.check->texts.references.empty()) json["remediation"]["references"] = finding.check->texts.references;
  }
  Json evidence = evidences(finding);
  json["observables"] = observables(finding, target, evidence);
  if (!evidence.empty()) json["evidences"] = std::move(evidence);
  return json;
}

template <class Use>
void for_each_finding(const Results& results, Use use) {
  for (const auto& profile : results.profiles) {
    for (const auto& row : profile.rows) {
      for (const auto index : row.checks) {
        const auto& check = results.checks[index];
        for (auto& resource : resources_of(check, results.target)) {
          auto uid = finding_id(check.id, results.target.id, resource);
          if (resource.empty()) resource = host_of(results.target);
          use({profile, row, &check, verdict_within(row, check), std::move(resource), std::move(uid)});
        }
      }
      if (row.checks.empty()) {
        const auto host = host_of(results.target);
        const auto name = fmt::format("{}/{}", profile.identity.id, row.recommendation.id);
        use({profile, row, nullptr, row.verdict, host, finding_id(name, results.target.id, host)});
      }
    }
  }
}

}  // namespace

Result<void> write_ocsf(const Results& results, const Options& options, std::ostream& out) {
  if (options.ocsf_version != "1.8.0" && options.ocsf_version != "1.6.0") {
    return std::unexpected(
        Error{Error::Kind::unsupported,
              fmt::format("OCSF version \"{}\" is not one that plimsoll writes", options.ocsf_version),
              "use 1.8.0 or 1.6.0"});
  }
  std::int64_t sequence = 0;
  for_each_finding(results, [&](const Finding& finding) {
    const Json json = event(finding, results, options.ocsf_version, ++sequence);
    out << escape_invisible(json.dump(-1, ' ', false, Json::error_handler_t::replace)) << '\n';
  });
  return {};
}

}  // namespace plimsoll::reports
