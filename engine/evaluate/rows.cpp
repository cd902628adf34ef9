#include <fmt/core.h>

#include <utility>

#include "engine/evaluate/evaluate.hpp"

namespace plimsoll::evaluate {

namespace {

RowResult judge_row(const PlannedRow& row, const std::vector<CheckResult>& checks) {
  RowResult result{
      .recommendation = row.recommendation, .verdict = Verdict::manual, .reason = {}, .checks = row.checks};
  const auto& recommendation = result.recommendation;
  const CheckResult* worst = nullptr;
  for (const auto index : row.checks) {
    if (worst == nullptr || rank_of(checks[index].verdict) < rank_of(worst->verdict)) worst = &checks[index];
  }
  if (worst == nullptr) {
    result.reason = recommendation.gap.empty() ? recommendation.question
                                               : fmt::format("no automated check: {}", recommendation.gap);
    return result;
  }
  const bool person = recommendation.assessment == Assessment::manual;
  if (person && (worst->verdict == Verdict::pass || worst->verdict == Verdict::manual)) {
    result.reason = recommendation.question.empty() ? worst->reason : recommendation.question;
    return result;
  }
  result.verdict = worst->verdict;
  result.reason = worst->reason;
  return result;
}

}  // namespace

std::vector<ProfileResult> judge_rows(const Plan& plan, const std::vector<CheckResult>& checks) {
  std::vector<ProfileResult> profiles;
  profiles.reserve(plan.profiles.size());
  for (const auto& planned : plan.profiles) {
    ProfileResult profile{.identity = planned.identity, .rows = {}};
    profile.rows.reserve(planned.rows.size());
    for (const auto& row : planned.rows) profile.rows.push_back(judge_row(row, checks));
    profiles.push_back(std::move(profile));
  }
  return profiles;
}

}  // namespace plimsoll::evaluate
