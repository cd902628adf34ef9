#include "engine/audit/audit.hpp"

#include <fmt/core.h>

#include <memory>
#include <utility>

#include "engine/audit/collect.hpp"
#include "engine/audit/identity.hpp"
#include "engine/evaluate/evaluate.hpp"
#include "engine/probes/probe.hpp"

namespace plimsoll::audit {

namespace {

void tell(const Options& options, Progress::Phase phase) {
  if (options.progress) options.progress({.phase = phase});
}

// What a collection works on. Kept alive for good when a thread that hangs in the kernel may still refer to it, or
// when taking it apart would only cost time.
struct Work {
  Work(Plan p, std::int64_t now) : plan(std::move(p)), fold(plan, now) {}
  Plan plan;
  evaluate::Fold fold;
};

// Collects, judges, and hands the work over to the end of the process when it must not be freed.
struct Judged {
  std::vector<Limit> limits;
  std::vector<CheckResult> checks;
  std::vector<ProfileResult> profiles;
};

Judged collect_and_judge(Plan plan, std::int64_t now, const sources::Sources& sources, const Options& options) {
  auto work = std::make_unique<Work>(std::move(plan), now);
  auto collected = collect(work->plan, sources, work->fold, options, probes::find);
  tell(options, Progress::Phase::judging);
  Judged judged;
  judged.limits = std::move(collected.limits);
  judged.checks = work->fold.finish();
  judged.profiles = evaluate::judge_rows(work->plan, judged.checks);
  if (collected.thread_left_behind || options.keep_work) {
    static std::vector<std::unique_ptr<Work>> kept;
    kept.push_back(std::move(work));
  }
  return judged;
}

}  // namespace

Chosen detect(const catalog::Catalog& catalog, const sources::Sources& sources, const Options& options) {
  tell(options, Progress::Phase::detecting);
  auto quiet = options;
  quiet.progress = {};
  const auto judged = collect_and_judge(catalog::make_detection_plan(catalog, probes::schemas()),
                                        sources.clock.now_ms() / 1000, sources, quiet);

  Chosen chosen;
  std::vector<catalog::Selection::Profile> fallbacks;
  std::vector<std::string> undecided;
  bool has_host = false;
  for (const auto& result : judged.checks) {
    const auto index = catalog.find_profile(result.id);
    const bool fallback = index && catalog.profile(*index).fallback;
    const bool beside = index && catalog.profile(*index).beside;
    switch (result.verdict) {
      case Verdict::pass:
        (fallback ? fallbacks : chosen.profiles).push_back({result.id, result.reason});
        has_host = has_host || (!fallback && !beside);
        break;
      case Verdict::error:
        undecided.push_back(fmt::format("{}: {}", result.id, result.reason));
        break;
      case Verdict::fail:
      case Verdict::manual:
      case Verdict::not_applicable:
        chosen.not_chosen.push_back(fmt::format("{}: does not apply: {}", result.id, result.reason));
        break;
    }
  }
  if (!undecided.empty()) {
    chosen.problem = "cannot tell which profiles apply to this host: ";
    for (std::size_t i = 0; i < undecided.size(); ++i) chosen.problem += (i == 0 ? "" : "; ") + undecided[i];
    chosen.profiles.clear();
    return chosen;
  }
  if (!has_host) {
    for (auto& fallback : fallbacks) {
      fallback.chosen_because = fmt::format("no profile is made for this host; {}", fallback.chosen_because);
      chosen.profiles.push_back(std::move(fallback));
    }
  }
  if (chosen.profiles.empty()) {
    chosen.problem = "no profile of the catalog applies to this host";
    for (const auto& line : chosen.not_chosen) chosen.problem += "; " + line;
  }
  return chosen;
}

Results run(const catalog::Catalog& catalog, Plan plan, const sources::Sources& sources, const Options& options) {
  Results results;
  results.run.started_ms = sources.clock.now_ms();
  results.run.id = options.run_id.empty() ? random_uuid() : options.run_id;
  results.run.user = auditor();
  results.run.capabilities = auditor_capabilities();
  results.run.command_line = options.command_line;
  results.run.tool_version = options.tool_version;
  results.run.catalog_version = catalog.version();
  results.run.catalog_digest = catalog.digest();

  auto judged = collect_and_judge(std::move(plan), results.run.started_ms / 1000, sources, options);
  results.limits = std::move(judged.limits);
  results.checks = std::move(judged.checks);
  results.profiles = std::move(judged.profiles);
  results.target = read_target(sources);
  results.run.ended_ms = sources.clock.now_ms();
  return results;
}

}  // namespace plimsoll::audit
