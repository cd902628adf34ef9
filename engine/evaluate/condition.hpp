// What must hold of one record: conditions, and the observations that decided them.
#pragma once

#include <cstdint>
#include <forward_list>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/core/expression.hpp"
#include "engine/core/record.hpp"
#include "engine/core/results.hpp"
#include "engine/core/schema.hpp"
#include "engine/evaluate/pattern.hpp"
#include "engine/evaluate/truth.hpp"

namespace plimsoll::evaluate {

/// The patterns of `matches` tests, each compiled when it is first needed: most audits never come to most of them. The
/// tests must outlive this. Not thread-safe: every leaf has its own, used under the lock of its fact; the shelf is
/// shared.
class Patterns {
 public:
  explicit Patterns(std::shared_ptr<PatternShelf> shelf = std::make_shared<PatternShelf>())
      : shelf_(std::move(shelf)) {}

  [[nodiscard]] std::span<const Pattern> of(const Condition& test) const;
  /// A pattern that did not compile; tests that use it are unknown.
  [[nodiscard]] const Error* problem(const Condition& test) const;

 private:
  struct Entry {
    std::vector<Pattern> compiled;
    std::vector<Error> problems;
  };
  const Entry& entry_of(const Condition& test) const;
  std::shared_ptr<PatternShelf> shelf_;
  mutable std::forward_list<std::pair<const Condition*, Entry>> entries_;  // one leaf has few patterns, or none
};

struct Context {
  const ProbeSchema& schema;
  const Patterns& patterns;
  std::int64_t now = 0;  ///< seconds since the epoch
};

/// Whether the condition holds of the record. Pure.
[[nodiscard]] Truth judge(const Condition& condition, const Record& record, const Context& context);

/// Appends the tests of the condition that brought about `outcome` on this record, as evidence. With `negated`, the
/// condition is one that must not hold: bearings and expected texts are turned round.
void observe(const Condition& condition, const Record& record, Truth outcome, bool negated, const Context& context,
             std::vector<Evidence>& into);

/// One field as evidence for a person, without a judgement.
[[nodiscard]] Evidence shown(const Record& record, std::uint16_t field, const ProbeSchema& schema);

}  // namespace plimsoll::evaluate
