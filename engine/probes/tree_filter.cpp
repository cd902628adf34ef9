#include "engine/probes/tree_filter.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace plimsoll::probes {
namespace {

/// What a condition can come to for entries that look alike: any of three truths, as bits.
using Outcomes = unsigned;
constexpr Outcomes holds = 1;
constexpr Outcomes breaks = 2;
constexpr Outcomes unknown = 4;
constexpr Outcomes anything = holds | breaks | unknown;

constexpr Outcomes negated(Outcomes of) {
  return ((of & holds) != 0 ? breaks : 0) | ((of & breaks) != 0 ? holds : 0) | (of & unknown);
}

/// Every result that one outcome of each side can give: breaks beats unknown beats holds.
constexpr Outcomes both(Outcomes left, Outcomes right) {
  Outcomes result = (left & right & holds) | ((left | right) & breaks);
  if ((left & unknown) != 0 && (right & (holds | unknown)) != 0) result |= unknown;
  if ((right & unknown) != 0 && (left & (holds | unknown)) != 0) result |= unknown;
  return result;
}
static_assert(both(holds, holds) == holds && both(holds, unknown) == unknown && both(breaks, unknown) == breaks);
static_assert(both(anything, holds) == anything && both(anything, breaks) == breaks);

constexpr Outcomes either(Outcomes left, Outcomes right) {
  return negated(both(negated(left), negated(right)));
}

constexpr Outcomes truth_of(bool value) {
  return value ? holds : breaks;
}

constexpr bool is_certain(Outcomes of) {
  return of == holds || of == breaks || of == unknown;
}

/// The value of a field; empty when it can be any, and for an unreadable one.
struct Observed {
  enum class State : std::uint8_t { value, unreadable, any };
  State state = State::any;
  Value value = false;
};

Observed observed(Known known) {
  if (known == Known::unreadable) return {Observed::State::unreadable};
  return {Observed::State::value, known == Known::yes};
}

Observed observed(TreeField field, const TreeEntry& entry, bool ids_known) {
  if (field == TreeField::path) return {};
  if (entry.type == sources::FileType::unknown) return {Observed::State::unreadable};
  const auto number = [](std::uint32_t value) {
    return Observed{Observed::State::value, static_cast<std::int64_t>(value)};
  };
  const auto flag = [](bool value) { return Observed{Observed::State::value, value}; };
  switch (field) {
    case TreeField::path:
      return {};
    case TreeField::type:
      return {Observed::State::value, std::string(name_of(entry.type))};
    case TreeField::mode:
      return number(entry.mode);
    case TreeField::uid:
      return ids_known ? number(entry.uid) : Observed{};
    case TreeField::gid:
      return ids_known ? number(entry.gid) : Observed{};
    case TreeField::owner_known:
      return observed(entry.owner);
    case TreeField::group_known:
      return observed(entry.group);
    case TreeField::world_writable:
      return flag(is_world_writable(entry));
    case TreeField::set_uid:
      return flag((entry.mode & 04000U) != 0);
    case TreeField::set_gid:
      return flag((entry.mode & 02000U) != 0);
    case TreeField::sticky:
      return flag((entry.mode & 01000U) != 0);
  }
  return {};
}

/// An operator on a value, where it is one of those that checks of a tree use; else it can come to anything.
Outcomes test(const Condition& condition, const Value& value) {
  const auto& operands = condition.operands;
  if (operands.empty()) return anything;
  const auto* number = std::get_if<std::int64_t>(&value);
  const auto* limit = std::get_if<std::int64_t>(&operands.front());
  const bool listed = std::find(operands.begin(), operands.end(), value) != operands.end();
  switch (condition.op) {
    case Operator::equals:
      return truth_of(value == operands.front());
    case Operator::in:
      return truth_of(listed);
    case Operator::not_in:
      return truth_of(!listed);
    case Operator::at_least:
      return number != nullptr && limit != nullptr ? truth_of(*number >= *limit) : anything;
    case Operator::at_most:
      return number != nullptr && limit != nullptr ? truth_of(*number <= *limit) : anything;
    case Operator::mode_within:
      return number != nullptr && limit != nullptr ? truth_of((*number & ~*limit) == 0) : anything;
    case Operator::exists: {
      const auto* wanted = std::get_if<bool>(&operands.front());
      return wanted != nullptr ? truth_of(*wanted) : anything;
    }
    case Operator::matches:
    case Operator::contains:
    case Operator::contains_all:
    case Operator::contains_none:
    case Operator::subset_of:
    case Operator::empty:
    case Operator::older_than:
    case Operator::newer_than:
    case Operator::version_at_least:
    case Operator::within_cidr:
      return anything;
  }
  return anything;
}

Outcomes outcomes(const Condition& condition, const TreeEntry& entry, bool ids_known) {
  switch (condition.kind) {
    case Condition::Kind::test: {
      const auto seen = observed(static_cast<TreeField>(condition.field), entry, ids_known);
      if (seen.state == Observed::State::any) return anything;
      return seen.state == Observed::State::unreadable ? unknown : test(condition, seen.value);
    }
    case Condition::Kind::negation:
      return condition.parts.empty() ? anything : negated(outcomes(condition.parts.front(), entry, ids_known));
    case Condition::Kind::all: {
      Outcomes result = holds;
      for (const auto& part : condition.parts) result = both(result, outcomes(part, entry, ids_known));
      return result;
    }
    case Condition::Kind::any: {
      Outcomes result = breaks;
      for (const auto& part : condition.parts) result = either(result, outcomes(part, entry, ids_known));
      return result;
    }
  }
  return anything;
}

bool tests_ids(const Condition& condition) {
  if (condition.kind == Condition::Kind::test) {
    const auto field = static_cast<TreeField>(condition.field);
    return field == TreeField::uid || field == TreeField::gid;
  }
  return std::any_of(condition.parts.begin(), condition.parts.end(), tests_ids);
}

constexpr std::size_t modes = 010000;
constexpr std::size_t types = 8;
constexpr std::size_t looks = 9 * types * modes;

/// Entries with the same number differ in nothing but path and ids.
std::size_t look_of(const TreeEntry& entry) {
  const auto names = static_cast<std::size_t>(entry.owner) * 3 + static_cast<std::size_t>(entry.group);
  return (names * types + static_cast<std::size_t>(entry.type)) * modes + (entry.mode & (modes - 1));
}

}  // namespace

TreeFilter::TreeFilter(std::span<const Leaf> leaves, std::span<const std::uint32_t> readers)
    : known_worth_(std::make_unique<std::atomic<std::uint8_t>[]>(looks)) {
  for (const auto reader : readers) {
    readers_.push_back(&leaves[reader]);
    ids_matter_ = ids_matter_ || tests_ids(leaves[reader].where) || tests_ids(leaves[reader].expect);
  }
}

TreeFilter::Need TreeFilter::need(const Leaf& leaf, const TreeEntry& entry, bool ids_known) const {
  const auto selected = outcomes(leaf.where, entry, ids_known);
  if (selected == breaks) return Need::nothing;
  switch (leaf.quantifier) {
    case Quantifier::some:
    case Quantifier::count:
    case Quantifier::show:
      return Need::record;
    case Quantifier::every:
    case Quantifier::none:
      break;
  }
  auto wanted = outcomes(leaf.expect, entry, ids_known);
  if (leaf.quantifier == Quantifier::none) wanted = negated(wanted);
  // As it is wanted, this entry says no more than that the fact is not empty.
  if (wanted == holds && leaf.if_empty == IfEmpty::pass) return Need::nothing;
  if (!is_certain(selected) || !is_certain(wanted)) return Need::record;
  if (wanted == holds) return Need::one_present;
  return selected == holds && wanted == breaks ? Need::record : Need::one_unknown;
}

TreeFilter::Worth TreeFilter::worth(const TreeEntry& entry, bool ids_known) const {
  auto most = Worth::nothing;
  for (const auto* leaf : readers_) {
    switch (need(*leaf, entry, ids_known)) {
      case Need::nothing:
        break;
      case Need::one_unknown:
      case Need::one_present:
        most = Worth::one;
        break;
      case Need::record:
        return Worth::record;
    }
  }
  return most;
}

TreeFilter::Worth TreeFilter::judge(const TreeEntry& entry) {
  auto& cached = known_worth_[look_of(entry)];
  auto value = cached.load(std::memory_order_relaxed);
  if (value == 0) {
    value = static_cast<std::uint8_t>(1 + static_cast<unsigned>(worth(entry, false)));
    cached.store(value, std::memory_order_relaxed);
  }
  const auto by_look = static_cast<Worth>(value - 1);
  return ids_matter_ && by_look == Worth::record ? worth(entry, true) : by_look;
}

void TreeFilter::stands_for(const TreeEntry& entry, std::vector<std::uint32_t>& groups) const {
  groups.clear();
  for (std::uint32_t i = 0; i < readers_.size(); ++i) {
    switch (need(*readers_[i], entry, true)) {
      case Need::one_unknown:
        groups.push_back(i * 2);
        break;
      case Need::one_present:
        groups.push_back(i * 2 + 1);
        break;
      case Need::nothing:
      case Need::record:
        break;
    }
  }
}

}  // namespace plimsoll::probes
