#include "engine/evaluate/leaf_fold.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace plimsoll::evaluate {

namespace {

// "/etc/passwd:9" before "/etc/passwd:10": line numbers are compared as numbers.
std::pair<std::string_view, std::int64_t> place(std::string_view source) {
  const auto colon = source.rfind(':');
  if (colon != std::string_view::npos) {
    if (const auto line = parse_integer(source.substr(colon + 1))) return {source.substr(0, colon), *line};
  }
  return {source, 0};
}

bool before(const Evidence& a, const Evidence& b) {
  if (a.source != b.source) {
    const auto of_a = place(a.source);
    const auto of_b = place(b.source);
    if (of_a != of_b) return of_a < of_b;
  }
  return std::tie(a.resource, a.field, a.observed, a.expected) < std::tie(b.resource, b.field, b.observed, b.expected);
}

std::string count_limits(const Leaf& leaf) {
  const auto low = leaf.count_at_least;
  const auto high = leaf.count_at_most;
  if (low && high && *low == *high) return fmt::format("exactly {}", *low);
  if (low && high) return fmt::format("{} to {}", *low, *high);
  if (low) return fmt::format("at least {}", *low);
  return high ? fmt::format("at most {}", *high) : std::string();
}

// How a statement about the whole fact bears on what it came to.
Bearing bearing_of(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::holds:
      return Bearing::holds;
    case Outcome::Kind::breaks:
      return Bearing::breaks;
    case Outcome::Kind::unknown:
      return Bearing::unknown;
    case Outcome::Kind::not_applicable:
      return Bearing::shown;
  }
  return Bearing::unknown;
}

}  // namespace

void Outcome::add(std::vector<Evidence> more) {
  if (evidence.empty()) {
    evidence = std::move(more);
  } else {
    std::move(more.begin(), more.end(), std::back_inserter(evidence));
  }
}

Kept::Held& Kept::held() {
  if (!held_) held_ = std::make_unique<Held>();
  return *held_;
}

void Kept::add(Evidence evidence) {
  held().evidence.push_back(std::move(evidence));
  count(1);
}

void Kept::add(const Condition& condition, const Record& record, Truth outcome, bool negated, const Context& context) {
  auto& evidence = held().evidence;
  const auto before = evidence.size();
  observe(condition, record, outcome, negated, context, evidence);
  count(evidence.size() - before);
}

void Kept::count(std::size_t more) {
  held_->seen += more;
  if (held_->evidence.size() >= std::size_t{limit_} * 2 + 16) prune();
}

void Kept::prune() {
  auto& evidence = held_->evidence;
  if (evidence.size() <= limit_) return;
  std::nth_element(evidence.begin(), evidence.begin() + static_cast<std::ptrdiff_t>(limit_), evidence.end(), before);
  evidence.resize(limit_);
}

std::uint64_t Kept::left_out() const {
  return held_ && held_->seen > limit_ ? held_->seen - limit_ : 0;
}

std::vector<Evidence> Kept::take_sorted() {
  if (!held_) return {};
  prune();
  std::sort(held_->evidence.begin(), held_->evidence.end(), before);
  return std::move(held_->evidence);
}

LeafFold::LeafFold(const Leaf& leaf, const ProbeSchema& schema, std::int64_t now, std::shared_ptr<PatternShelf> shelf)
    : leaf_(&leaf), schema_(&schema), now_(now), patterns_(std::move(shelf)) {}

void LeafFold::note(const Record& record, const Condition& condition, Truth truth, bool negated) {
  auto& kept = truth == Truth::holds ? holding_ : truth == Truth::breaks ? breaking_ : unknown_;
  const auto raw = negated ? evaluate::negated(truth) : truth;
  kept.add(condition, record, raw, negated, context());
}

void LeafFold::add(const Record& record) {
  const auto selected = judge(leaf_->where, record, context());
  if (selected == Truth::breaks) return;
  if (leaf_->quantifier == Quantifier::count) {
    if (selected == Truth::holds) {
      ++matched_;
      holding_.add(leaf_->where, record, selected, false, context());
    } else {
      ++maybe_matched_;
      note(record, leaf_->where, Truth::unknown, false);
    }
    return;
  }
  if (leaf_->quantifier == Quantifier::show) {
    ++matched_;
    for (const auto field : leaf_->show) shown_.add(shown(record, field, *schema_));
    return;
  }
  const bool must_not = leaf_->quantifier == Quantifier::none;
  auto truth = judge(leaf_->expect, record, context());
  if (must_not) truth = negated(truth);
  if (selected == Truth::unknown) {
    // It may not be one of ours. Only if it is good either way does that not matter.
    ++maybe_matched_;
    const bool harmless = leaf_->quantifier == Quantifier::some ? truth == Truth::breaks : truth == Truth::holds;
    if (harmless) return;
    ++undecided_;
    note(record, leaf_->where, Truth::unknown, false);
    return;
  }
  ++matched_;
  switch (truth) {
    case Truth::holds:
      ++satisfied_;
      break;
    case Truth::breaks:
      ++broken_;
      break;
    case Truth::unknown:
      ++undecided_;
      break;
  }
  // One record that breaks `every`, or satisfies `some`, decides whatever the others come to: those of the other kind
  // are no longer told.
  const bool some = leaf_->quantifier == Quantifier::some;
  const bool decided = some ? satisfied_ > 0 : broken_ > 0;
  if (decided && truth != (some ? Truth::holds : Truth::breaks)) return;
  note(record, leaf_->expect, truth, must_not);
}

Outcome::Kind LeafFold::judge_count(bool failed) const {
  const auto low = static_cast<std::int64_t>(matched_);
  const auto high = static_cast<std::int64_t>(matched_ + maybe_matched_);
  const auto& at_least = leaf_->count_at_least;
  const auto& at_most = leaf_->count_at_most;
  if ((at_most && low > *at_most) || (at_least && !failed && high < *at_least)) return Outcome::Kind::breaks;
  const bool enough = !at_least || low >= *at_least;
  const bool few = !at_most || (!failed && high <= *at_most);
  return enough && few ? Outcome::Kind::holds : Outcome::Kind::unknown;
}

Outcome::Kind LeafFold::judge_records(bool failed) const {
  const bool some = leaf_->quantifier == Quantifier::some;
  if (some && satisfied_ > 0) return Outcome::Kind::holds;
  if (!some && broken_ > 0) return Outcome::Kind::breaks;
  if (failed || undecided_ > 0) return Outcome::Kind::unknown;
  if (matched_ > 0) return some ? Outcome::Kind::breaks : Outcome::Kind::holds;
  // No record that could be one of ours is left over: those with an unknown `where` were harmless, but exist.
  if (maybe_matched_ > 0) return some ? Outcome::Kind::breaks : Outcome::Kind::holds;
  switch (leaf_->if_empty) {
    case IfEmpty::pass:
      return Outcome::Kind::holds;
    case IfEmpty::fail:
      return Outcome::Kind::breaks;
    case IfEmpty::not_applicable:
      return Outcome::Kind::not_applicable;
    case IfEmpty::impossible:
      return Outcome::Kind::unknown;
  }
  return Outcome::Kind::unknown;
}

Outcome LeafFold::finish(const std::optional<Error>& failure, const std::optional<LookedAt>& looked_at) {
  const bool failed = failure.has_value();
  Outcome outcome;
  switch (leaf_->quantifier) {
    case Quantifier::count:
      outcome.kind = judge_count(failed);
      break;
    case Quantifier::show:
      outcome.kind = failed ? Outcome::Kind::unknown : Outcome::Kind::holds;
      break;
    case Quantifier::every:
    case Quantifier::some:
    case Quantifier::none:
      outcome.kind = judge_records(failed);
      break;
  }

  const auto statement = [&](std::string observed) {
    Evidence evidence;
    evidence.bearing = bearing_of(outcome.kind);
    evidence.observed = std::move(observed);
    evidence.source = looked_at ? looked_at->source : std::string();
    evidence.probe = schema_->name;
    return evidence;
  };
  const auto take = [&](Kept& kept) {
    outcome.left_out += kept.left_out();
    outcome.add(kept.take_sorted());
  };

  const bool count = leaf_->quantifier == Quantifier::count;
  if (outcome.kind == Outcome::Kind::unknown && failed) {
    auto evidence = statement(failure->what);
    evidence.error = *failure;
    outcome.evidence.push_back(std::move(evidence));
  }
  if (count && outcome.kind != Outcome::Kind::unknown) {
    auto evidence = statement(std::to_string(matched_));
    evidence.field = "count";
    evidence.expected = count_limits(*leaf_);
    outcome.evidence.push_back(std::move(evidence));
    take(holding_);
    for (auto& counted : outcome.evidence) counted.bearing = bearing_of(outcome.kind);
  } else if (outcome.kind == Outcome::Kind::holds) {
    take(holding_);
  } else if (outcome.kind == Outcome::Kind::breaks) {
    take(breaking_);
  } else if (outcome.kind == Outcome::Kind::unknown) {
    take(unknown_);
  }
  take(shown_);

  if (outcome.evidence.empty()) {
    // Nothing but the look itself decided: say what was looked at.
    const bool said = looked_at && !looked_at->what.empty();
    auto evidence = statement(said ? looked_at->what : "nothing of this kind was found");
    if (!looked_at) evidence.source = schema_->name;
    if (leaf_->quantifier == Quantifier::show) evidence.bearing = Bearing::shown;
    if (outcome.kind == Outcome::Kind::unknown) {
      evidence.error = Error{.kind = Error::Kind::failed, .what = evidence.observed};
    }
    outcome.evidence.push_back(std::move(evidence));
  }
  return outcome;
}

}  // namespace plimsoll::evaluate
