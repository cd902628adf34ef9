// The check language, bound: parameters filled in, names resolved to indexes, types checked. Catalog makes these,
// evaluate judges by them, and a probe may look at them to leave out records that cannot matter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/schema.hpp"
#include "engine/core/value.hpp"

namespace plimsoll {

enum class Operator : std::uint8_t {
  equals,    ///< the default: `field: value`
  in,        ///< equal to one of the operand's values
  not_in,    ///< equal to none of them
  at_least,  ///< integer, scalar, time
  at_most,
  matches,        ///< RE2, anywhere in the text (anchor it to match the whole); a list: at least one item matches
  contains,       ///< a list has the item; a text has the part
  contains_all,   ///< a list has every operand
  contains_none,  ///< a list has none of the operands
  subset_of,      ///< every item of the list is one of the operands
  exists,         ///< true: there is a value; false: absent
  empty,          ///< true: a text or list of length zero
  mode_within,    ///< no permission bit beyond the operand's: (mode & ~operand) == 0
  older_than,     ///< a time further back than the duration, seen from the time of collection
  newer_than,
  version_at_least,  ///< dpkg order
  within_cidr,       ///< an address (or network) inside one of the operand's networks
};
[[nodiscard]] std::string_view name_of(Operator op);
[[nodiscard]] std::optional<Operator> operator_named(std::string_view name);

/// What must hold of one record.
struct Condition {
  enum class Kind : std::uint8_t { test, all, any, negation };
  Kind kind = Kind::all;              ///< `all` without parts holds for every record
  std::uint16_t field = 0;            ///< test: index into the probe's fields
  Operator op = Operator::equals;     ///< test
  std::vector<Value> operands = {};   ///< test: one value, or the values of a list operator; durations are seconds
  std::vector<Condition> parts = {};  ///< all, any; exactly one for negation

  bool operator==(const Condition&) const = default;
};

enum class Quantifier : std::uint8_t {
  every,  ///< each record left by `where` satisfies the condition
  some,   ///< at least one does
  none,   ///< none does
  count,  ///< the number of records left by `where` lies within the limits
  show,   ///< evidence for a person: never breaks
};
[[nodiscard]] std::string_view name_of(Quantifier quantifier);

/// What the author decided for "no records at all"; `impossible` for probes that always return exactly one.
enum class IfEmpty : std::uint8_t { impossible, pass, fail, not_applicable };

/// One question to one fact: which records, and what must hold of them.
struct Leaf {
  std::uint32_t fact = 0;  ///< index into Plan::facts
  Quantifier quantifier = Quantifier::every;
  Condition where = {};                             ///< `all` without parts: every record
  Condition expect = {};                            ///< every, some, none
  std::optional<std::int64_t> count_at_least = {};  ///< count
  std::optional<std::int64_t> count_at_most = {};   ///< count
  std::vector<std::uint16_t> show = {};             ///< show: the fields to print, in order
  IfEmpty if_empty = IfEmpty::impossible;

  bool operator==(const Leaf&) const = default;
};

struct Expression {
  enum class Kind : std::uint8_t { leaf, all, any, negation };
  Kind kind = Kind::leaf;
  std::uint32_t leaf = 0;              ///< leaf: index into Plan::leaves
  std::vector<Expression> parts = {};  ///< all, any: in the author's order; exactly one for negation

  bool operator==(const Expression&) const = default;
};

}  // namespace plimsoll
