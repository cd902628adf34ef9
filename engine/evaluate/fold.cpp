#include <mutex>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/evaluate/evaluate.hpp"
#include "engine/evaluate/judge.hpp"
#include "engine/evaluate/leaf_fold.hpp"

namespace plimsoll::evaluate {

namespace {

struct FactState {
  std::mutex mutex;
  std::vector<std::uint32_t> leaves;
  std::optional<Error> failure;
  std::optional<LookedAt> looked_at;
};

}  // namespace

struct Fold::State {
  State(Plan& p, std::int64_t now) : plan(p), facts(p.facts.size()) {
    folds.reserve(p.leaves.size());
    const auto shelf = std::make_shared<PatternShelf>();
    for (std::uint32_t i = 0; i < p.leaves.size(); ++i) {
      const auto& leaf = p.leaves[i];
      folds.emplace_back(leaf, *p.facts[leaf.fact].probe, now, shelf);
      facts[leaf.fact].leaves.push_back(i);
    }
  }
  Plan& plan;
  std::vector<FactState> facts;
  std::vector<LeafFold> folds;  // each guarded by the mutex of its fact
};

Fold::Fold(Plan& plan, std::int64_t collected_at) : state_(std::make_unique<State>(plan, collected_at)) {}
Fold::~Fold() = default;

void Fold::add(std::uint32_t fact, const Record& record) {
  auto& state = state_->facts[fact];
  const std::lock_guard lock(state.mutex);
  for (const auto leaf : state.leaves) state_->folds[leaf].add(record);
}

void Fold::fail(std::uint32_t fact, Error why) {
  auto& state = state_->facts[fact];
  const std::lock_guard lock(state.mutex);
  why.what = presentable(std::move(why.what));
  // The first reason is the one to mend; later ones often follow from it.
  if (!state.failure) state.failure = std::move(why);
}

void Fold::looked_at(std::uint32_t fact, std::string what, std::string source) {
  auto& state = state_->facts[fact];
  const std::lock_guard lock(state.mutex);
  state.looked_at = LookedAt{presentable(std::move(what)), presentable(std::move(source))};
}

std::vector<CheckResult> Fold::finish() {
  LeafOutcomes outcomes(state_->plan);
  for (std::size_t i = 0; i < state_->folds.size(); ++i) {
    const auto& fact = state_->facts[state_->plan.leaves[i].fact];
    outcomes.add(state_->folds[i].finish(fact.failure, fact.looked_at));
  }
  std::vector<CheckResult> results;
  results.reserve(state_->plan.checks.size());
  for (auto& check : state_->plan.checks) results.push_back(judge_check(state_->plan, check, outcomes));
  return results;
}

}  // namespace plimsoll::evaluate
