#include "reports/rows.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace plimsoll::reports {

std::string title_of(const RowResult& row, const Results& results) {
  if (!row.recommendation.topic.empty()) return std::string(row.recommendation.topic);
  std::string title;
  for (const auto index : row.checks) {
    if (!title.empty()) title += "; ";
    title += results.checks[index].texts.title;
  }
  return title.empty() ? fmt::format("Recommendation {}", row.recommendation.id) : title;
}

std::optional<Severity> severity_of(const RowResult& row, const Results& results) {
  std::optional<Severity> gravest;
  for (const auto index : row.checks) {
    const Severity severity = results.checks[index].severity;
    gravest = gravest ? std::max(*gravest, severity) : severity;
  }
  return gravest;
}

std::string reason_of(const RowResult& row) {
  if (!row.reason.empty()) return row.reason;
  return row.verdict == Verdict::manual ? "a person must judge this" : "no reason was recorded";
}

std::string standard_of(const ProfileIdentity& profile) {
  const std::string& name = profile.title.empty() ? profile.id : profile.title;
  return profile.version.empty() ? name : name + " v" + profile.version;
}

std::string host_of(const Target& target) {
  if (!target.host_name.empty()) return target.host_name;
  return target.id.empty() ? "unknown host" : target.id;
}

Verdict verdict_within(const RowResult& row, const CheckResult& check) {
  const bool judged_by_a_person = row.recommendation.assessment == Assessment::manual;
  return judged_by_a_person && check.verdict == Verdict::pass ? Verdict::manual : check.verdict;
}

std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "Pass";
    case Verdict::fail:
      return "Fail";
    case Verdict::manual:
      return "Manual";
    case Verdict::not_applicable:
      return "Not applicable";
    case Verdict::error:
      return "Error";
  }
  return "Error";
}

bool is_web_address(std::string_view reference) {
  return reference.starts_with("https://") || reference.starts_with("http://");
}

}  // namespace plimsoll::reports
