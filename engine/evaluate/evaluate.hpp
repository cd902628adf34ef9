// Plan and facts in, results out: pure. Records are judged one by one as they come and then forgotten; only what
// decided is kept, so a fact never has to fit in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/plan.hpp"
#include "engine/core/record.hpp"
#include "engine/core/results.hpp"

namespace plimsoll::evaluate {

/// Judges one plan. add, fail and looked_at are thread-safe; finish comes after all of them.
class Fold {
 public:
  /// `collected_at`: seconds since the epoch, what `older_than` and `newer_than` count from. The plan must outlive
  /// this.
  Fold(Plan& plan, std::int64_t collected_at);
  Fold(const Fold&) = delete;
  Fold& operator=(const Fold&) = delete;
  ~Fold();

  void add(std::uint32_t fact, const Record& record);
  void fail(std::uint32_t fact, Error why);
  void looked_at(std::uint32_t fact, std::string what, std::string source);

  /// One result per planned check, in the plan's order. The same records in any order give the same results. The texts
  /// of the checks move from the plan into their results; facts and leaves stay as they are.
  [[nodiscard]] std::vector<CheckResult> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The rows of the plan's profiles, judged from their checks: the worst verdict counts (fail, error, manual, pass,
/// not_applicable). A manual row is `manual` also where that would be `pass`; so it is `manual` unless a check fails or
/// errs, or none applies. A row without checks is `manual`, with its question or the reason why there is no check.
[[nodiscard]] std::vector<ProfileResult> judge_rows(const Plan& plan, const std::vector<CheckResult>& checks);

}  // namespace plimsoll::evaluate
