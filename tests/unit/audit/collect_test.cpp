#include "engine/audit/collect.hpp"

#include <array>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/fake_root.hpp"

using namespace plimsoll;

namespace {

constexpr std::array<FieldSchema, 1> fields = {{{.name = "good", .type = ValueType::boolean, .meaning = "a flag"}}};
constexpr ProbeSchema quick_schema = {
    .name = "quick", .summary = "answers", .cardinality = Cardinality::exactly_one, .arguments = {}, .fields = fields};
constexpr ProbeSchema throwing_schema = {.name = "throwing",
                                         .summary = "throws",
                                         .cardinality = Cardinality::exactly_one,
                                         .arguments = {},
                                         .fields = fields};
constexpr ProbeSchema hanging_schema = {
    .name = "hanging", .summary = "hangs", .cardinality = Cardinality::any, .arguments = {}, .fields = fields};

Record record(bool good) {
  Record made(1);
  made.resource = "thing";
  made.source = "/etc/thing";
  made.set(0, Value{good});
  return made;
}

unsigned quick_calls = 0;

void answer(std::span<const probes::Request> requests, const sources::Sources& /*sources*/, probes::RecordSink& sink) {
  ++quick_calls;
  for (std::size_t i = 0; i < requests.size(); ++i) sink.add(i, record(true));
  sink.left_out("/mnt/b", "nfs", "");
  sink.left_out("/mnt/a", "nfs", "");
  sink.left_out("/mnt/b", "nfs", "");
}

void slip(std::span<const probes::Request> /*requests*/, const sources::Sources& /*sources*/,
          probes::RecordSink& /*sink*/) {
  throw std::runtime_error("a slip");
}

// Reads one record, then waits until it is told to stop; then says more, which nobody must hear.
void hang(std::span<const probes::Request> /*requests*/, const sources::Sources& sources, probes::RecordSink& sink) {
  sink.add(0, record(true));
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait(lock, sources.stop, [] { return false; });
  sink.add(0, record(false));
}

const probes::Probe* find_probe(std::string_view name) {
  static const std::array<probes::Probe, 3> known = {
      {{&quick_schema, answer}, {&throwing_schema, slip}, {&hanging_schema, hang}}};
  for (const auto& probe : known) {
    if (probe.schema->name == name) return &probe;
  }
  return nullptr;
}

Plan plan_for(std::initializer_list<const ProbeSchema*> schemas) {
  Plan plan;
  for (const auto* schema : schemas) {
    const auto fact = static_cast<std::uint32_t>(plan.facts.size());
    plan.facts.push_back({.probe = schema, .arguments = {}, .leaves = {fact}});
    Leaf leaf;
    leaf.fact = fact;
    leaf.expect =
        Condition{.kind = Condition::Kind::test, .field = 0, .op = Operator::equals, .operands = {Value{true}}};
    plan.leaves.push_back(leaf);
    PlannedCheck check;
    check.id = std::string(schema->name);
    check.check = Expression{.kind = Expression::Kind::leaf, .leaf = fact};
    plan.checks.push_back(std::move(check));
  }
  return plan;
}

struct Run {
  std::vector<CheckResult> checks;
  audit::Collected collected;
};

Run run(Plan& plan, const audit::Options& options) {
  const tests::FakeRoot root(tests::FakeTree{});
  const tests::FixedClock clock(0);
  const sources::Memo memo;
  const sources::Sources sources{root, clock, memo, 1, {}};
  evaluate::Fold fold(plan, 0);
  Run done;
  done.collected = audit::collect(plan, sources, fold, options, find_probe);
  done.checks = fold.finish();
  return done;
}

}  // namespace

TEST_CASE("each probe is called once for all its facts", "[audit]") {
  quick_calls = 0;
  auto plan = plan_for({&quick_schema, &quick_schema, &quick_schema});
  const auto done = run(plan, {});
  CHECK(quick_calls == 1);
  for (const auto& check : done.checks) CHECK(check.verdict == Verdict::pass);
}

TEST_CASE("places that were left out are told once each, in order", "[audit]") {
  auto plan = plan_for({&quick_schema});
  const auto limits = run(plan, {}).collected.limits;
  REQUIRE(limits.size() == 2);
  CHECK(limits[0].what == "/mnt/a");
  CHECK(limits[1].what == "/mnt/b");
}

TEST_CASE("a probe that throws loses its own facts and no others", "[audit]") {
  auto plan = plan_for({&throwing_schema, &quick_schema});
  const auto done = run(plan, {});
  CHECK(done.checks[0].verdict == Verdict::error);
  CHECK(done.checks[0].reason.find("a slip") != std::string::npos);
  CHECK(done.checks[1].verdict == Verdict::pass);
}

TEST_CASE("a probe that hangs is left behind when its time is up, and the others go on", "[audit]") {
  auto plan = plan_for({&hanging_schema, &quick_schema});
  audit::Options options;
  options.jobs = 1;
  options.timeout = std::chrono::milliseconds(20);
  const auto done = run(plan, options);
  CHECK(done.collected.thread_left_behind);
  CHECK(done.checks[0].verdict == Verdict::error);
  REQUIRE(done.checks[0].evidence.front().error);
  CHECK(done.checks[0].evidence.front().error->kind == Error::Kind::timed_out);
  CHECK(done.checks[1].verdict == Verdict::pass);
}

TEST_CASE("an interrupted run gives up what is not read yet", "[audit]") {
  auto plan = plan_for({&hanging_schema});
  std::stop_source stop;
  stop.request_stop();
  audit::Options options;
  options.stop = stop.get_token();
  CHECK(run(plan, options).checks[0].verdict == Verdict::error);
}

TEST_CASE("a fact without a probe is an error, not a pass", "[audit]") {
  constexpr static ProbeSchema unknown = {.name = "unknown", .summary = "nobody", .arguments = {}, .fields = fields};
  auto plan = plan_for({&unknown});
  const auto done = run(plan, {});
  CHECK(done.checks[0].verdict == Verdict::error);
  CHECK(done.checks[0].reason.find("no probe unknown") != std::string::npos);
}
