// Proves the catalog: runs every world of every scenario through the real probes, in this process.
//     run_scenarios [--catalog DIR] [--folder DIR] [CHECK-ID…]
// Without --catalog, the catalog that is embedded in the program. Fails on a world that comes out otherwise, a check
// without scenarios, scenarios without a check, a check without a passing or failing world, and when it finds nothing
// at all.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/audit/audit.hpp"
#include "engine/catalog/catalog.hpp"
#include "engine/probes/probe.hpp"
#include "tests/scenarios/scenario.hpp"
#include "tests/support/audit_rule_bytes.hpp"
#include "tests/support/fake_root.hpp"

namespace {

using namespace plimsoll;

bool matches(const scenarios::ExpectedEvidence& expected, const Evidence& evidence) {
  const auto same = [](const std::optional<std::string>& wanted, std::string_view found) {
    return !wanted || *wanted == found;
  };
  return same(expected.source, evidence.source) && same(expected.observed, evidence.observed) &&
         same(expected.expected, evidence.expected) && same(expected.field, evidence.field) &&
         same(expected.resource, evidence.resource) && same(expected.bearing, name_of(evidence.bearing));
}

std::string show(const CheckResult& result) {
  std::string text = fmt::format("    verdict: {}\n    reason: {}\n", name_of(result.verdict), result.reason);
  for (const auto& e : result.evidence) {
    text += fmt::format(
        "    evidence: {{ bearing: {}, resource: \"{}\", field: {}, observed: \"{}\", expected: \"{}\", source: \"{}\" "
        "}}\n",
        name_of(e.bearing), e.resource, e.field, e.observed, e.expected, e.source);
  }
  return text;
}

class Runner {
 public:
  explicit Runner(const catalog::Catalog& catalog) : catalog_(catalog) {}

  void run(const scenarios::Scenario& scenario) {
    bool passes = false;
    bool fails = false;
    for (const auto& world : scenario.worlds) {
      run(scenario, world);
      passes = passes || world.verdict == "pass" || world.verdict == "manual";
      fails = fails || world.verdict == "fail" || world.verdict == "manual";
    }
    if (!passes && scenario.no_passing_world.empty())
      complain(scenario, 1, "no world passes: add one, or say why there is none");
    if (!fails && scenario.no_failing_world.empty())
      complain(scenario, 1, "no world fails: add one, or say why there is none");
  }

  void complain(const scenarios::Scenario& scenario, std::uint32_t line, const std::string& what) {
    fmt::print("{}:{}: {}\n", scenario.file.string(), line, what);
    ++failures;
  }

  unsigned worlds = 0;
  unsigned failures = 0;

 private:
  void run(const scenarios::Scenario& scenario, const scenarios::World& world) {
    ++worlds;
    catalog::Selection selection;
    selection.checks = {scenario.check};
    if (!take_settings(scenario, world, selection)) return;
    auto planned = catalog::make_plan(catalog_, selection, probes::schemas());
    if (!planned.plan) {
      for (const auto& problem : planned.problems) complain(scenario, world.line, problem);
      return;
    }
    const auto tree = tests::tree_of(world.state);
    const tests::FakeRoot root(tree);
    const tests::FakeNetfilter netfilter(tree);
    const tests::FakeSocketDiag socket_diag(tree);
    const tests::FixedClock clock(tests::now_ms_of(world.state));
    const sources::Memo memo;
    const auto kernel_audit = tests::kernel_audit_of(world.state);
    sources::Sources sources{root, clock, memo, 1};
    sources.netfilter = &netfilter;
    sources.sockets = &socket_diag;
    sources.audit = &kernel_audit;
    audit::Options options;
    options.jobs = 1;
    options.run_id = "00000000-0000-4000-8000-000000000000";
    const auto results = audit::run(catalog_, std::move(*planned.plan), sources, options);
    judge(scenario, world, results.checks.front());
  }

  // Names that the check does not have are make_plan's to refuse.
  bool take_settings(const scenarios::Scenario& scenario, const scenarios::World& world,
                     catalog::Selection& selection) {
    const auto index = catalog_.find_check(scenario.check);
    const auto parameters = index ? catalog_.check(*index).parameters : std::vector<catalog::ParameterInfo>{};
    for (const auto& setting : world.set) {
      const auto same = [&](const auto& parameter) { return parameter.name == setting.name; };
      const auto parameter = std::find_if(parameters.begin(), parameters.end(), same);
      if (parameter != parameters.end()) {
        if (const auto problem = scenarios::misfit(setting, parameter->type); !problem.empty()) {
          complain(scenario, world.line, problem);
          return false;
        }
      }
      selection.set.emplace_back(setting.name, setting.text);
    }
    return true;
  }

  void judge(const scenarios::Scenario& scenario, const scenarios::World& world, const CheckResult& result) {
    std::string problem;
    if (world.verdict != name_of(result.verdict)) {
      problem = fmt::format("expected {}, got {}", world.verdict, name_of(result.verdict));
    } else if (!world.reason.empty() && result.reason.find(world.reason) == std::string::npos) {
      problem = fmt::format("the reason lacks \"{}\"", world.reason);
    } else if (result.evidence.empty()) {
      problem = "a verdict without evidence";
    }
    for (const auto& expected : world.evidence) {
      if (!problem.empty()) break;
      const auto fits = [&](const Evidence& e) { return matches(expected, e); };
      if (std::none_of(result.evidence.begin(), result.evidence.end(), fits))
        problem = "no evidence item is as expected";
    }
    if (problem.empty()) return;
    complain(scenario, world.line, fmt::format("{}: \"{}\"\n{}", problem, world.name, show(result)));
  }

  const catalog::Catalog& catalog_;
};

struct Arguments {
  std::string folder = PLIMSOLL_SOURCE_DIR "/tests/scenarios";
  std::string catalog;
  std::set<std::string> checks;
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--catalog" && i + 1 < argc) {
      arguments.catalog = argv[++i];
    } else if (word == "--folder" && i + 1 < argc) {
      arguments.folder = argv[++i];
    } else {
      arguments.checks.insert(word);
    }
  }
  return arguments;
}

int run_all(const catalog::Catalog& catalog, const Arguments& arguments) {
  const auto loaded = scenarios::load(arguments.folder);
  Runner runner(catalog);
  for (const auto& problem : loaded.problems) {
    fmt::print("{}\n", problem);
    ++runner.failures;
  }
  std::map<std::string, std::string> topic_of;
  for (std::size_t i = 0; i < catalog.check_count(); ++i) {
    const auto info = catalog.check(i);
    auto stem = std::string(info.file.substr(info.file.rfind('/') + 1));
    topic_of[std::string(info.id)] = stem.substr(0, stem.rfind('.'));
  }
  std::set<std::string> proven;
  unsigned run = 0;
  for (const auto& scenario : loaded.scenarios) {
    if (!arguments.checks.empty() && !arguments.checks.contains(scenario.check)) continue;
    const auto topic = topic_of.find(scenario.check);
    if (topic == topic_of.end()) {
      runner.complain(scenario, 1, fmt::format("no check has the id {}", scenario.check));
      continue;
    }
    if (topic->second != scenario.topic) {
      runner.complain(scenario, 1, fmt::format("the check stands in {}.yaml: move this to that folder", topic->second));
    }
    proven.insert(scenario.check);
    runner.run(scenario);
    ++run;
  }
  for (const auto& [id, topic] : topic_of) {
    if (proven.contains(id) || (!arguments.checks.empty() && !arguments.checks.contains(id))) continue;
    fmt::print("{}: no scenarios: write tests/scenarios/{}/{}.yaml\n", id, topic, id);
    ++runner.failures;
  }
  if (run == 0) {
    fmt::print("no scenarios found in {}\n", arguments.folder);
    ++runner.failures;
  }
  fmt::print("{} worlds of {} checks: {}\n", runner.worlds, run,
             runner.failures == 0 ? "all as expected" : fmt::format("{} problems", runner.failures));
  return runner.failures == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = parse(argc, argv);
  if (arguments.catalog.empty()) return run_all(catalog::shipped(), arguments);
  const auto loaded = catalog::load(std::vector<std::string>{arguments.catalog}, nullptr, probes::schemas());
  for (const auto& diagnostic : loaded.diagnostics) fmt::print("{}", to_text(diagnostic));
  return loaded.catalog ? run_all(*loaded.catalog, arguments) : 2;
}
