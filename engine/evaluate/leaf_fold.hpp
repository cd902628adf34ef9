// Judges one leaf: takes records one by one, keeps counts and the observations that decide, forgets the rest.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/expression.hpp"
#include "engine/core/results.hpp"
#include "engine/evaluate/condition.hpp"

namespace plimsoll::evaluate {

/// How many observations of each bearing a result keeps. Beyond them only the number is kept.
inline constexpr std::uint32_t max_breaking = 100;
inline constexpr std::uint32_t max_unknown = 20;
inline constexpr std::uint32_t max_holding = 12;
inline constexpr std::uint32_t max_shown = 1000;

/// The smallest observations by source, resource and field, so that the order in which they come does not matter.
class Kept {
 public:
  explicit Kept(std::uint32_t limit) : limit_(limit) {}
  void add(Evidence evidence);
  /// The tests of a condition, as `observe` says.
  void add(const Condition& condition, const Record& record, Truth outcome, bool negated, const Context& context);
  [[nodiscard]] std::uint64_t left_out() const;
  [[nodiscard]] std::vector<Evidence> take_sorted();  ///< what is kept; nothing is left in here

 private:
  struct Held {
    std::uint64_t seen = 0;
    std::vector<Evidence> evidence;
  };
  Held& held();
  void count(std::size_t more);  ///< of those that were put into what is held
  void prune();
  std::uint32_t limit_;
  std::unique_ptr<Held> held_;  // made for the first: a plan has hundreds of leaves, and each few kinds of observations
};

/// What a leaf or a whole expression came to.
struct Outcome {
  enum class Kind : std::uint8_t { holds, breaks, unknown, not_applicable };
  Kind kind = Kind::unknown;
  std::vector<Evidence> evidence = {};
  std::uint64_t left_out = 0;

  void add(std::vector<Evidence> more);
};

/// Says what the whole fact looked at, for verdicts that no record decides.
struct LookedAt {
  std::string what;
  std::string source;
};

class LeafFold {
 public:
  /// Leaf and schema must outlive this.
  LeafFold(const Leaf& leaf, const ProbeSchema& schema, std::int64_t now, std::shared_ptr<PatternShelf> shelf);

  void add(const Record& record);
  /// Once, when all records have been added.
  [[nodiscard]] Outcome finish(const std::optional<Error>& failure, const std::optional<LookedAt>& looked_at);

 private:
  [[nodiscard]] Context context() const { return {*schema_, patterns_, now_}; }
  void note(const Record& record, const Condition& condition, Truth truth, bool negated);
  [[nodiscard]] Outcome::Kind judge_count(bool failed) const;
  [[nodiscard]] Outcome::Kind judge_records(bool failed) const;

  const Leaf* leaf_;
  const ProbeSchema* schema_;
  std::int64_t now_;
  Patterns patterns_;

  std::uint64_t matched_ = 0;        // `where` holds
  std::uint64_t maybe_matched_ = 0;  // `where` is unknown
  std::uint64_t satisfied_ = 0;      // matched, and as the quantifier wants it
  std::uint64_t broken_ = 0;         // matched, and not as it wants it
  std::uint64_t undecided_ = 0;      // could be either
  Kept holding_{max_holding};
  Kept breaking_{max_breaking};
  Kept unknown_{max_unknown};
  Kept shown_{max_shown};
};

}  // namespace plimsoll::evaluate
