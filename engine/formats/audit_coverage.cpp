#include "engine/formats/audit_coverage.hpp"

#include <linux/audit.h>

#include <algorithm>
#include <array>
#include <optional>

namespace plimsoll::formats {
namespace {

constexpr std::uint32_t unset = 0xffffffffU;
constexpr std::uint32_t system_call_record = 1300;  // AUDIT_SYSCALL: without it the others of an event say little

// Exit values have a sign; ids and arguments have none.
std::int64_t number_of(const AuditField& field) {
  return field.field == AUDIT_EXIT ? std::int64_t{static_cast<std::int32_t>(field.value)} : std::int64_t{field.value};
}

bool holds(std::int64_t value, std::uint32_t op, std::int64_t limit) {
  switch (op) {
    case AUDIT_EQUAL:
      return value == limit;
    case AUDIT_NOT_EQUAL:
      return value != limit;
    case AUDIT_GREATER_THAN_OR_EQUAL:
      return value >= limit;
    case AUDIT_GREATER_THAN:
      return value > limit;
    case AUDIT_LESS_THAN_OR_EQUAL:
      return value <= limit;
    case AUDIT_LESS_THAN:
      return value < limit;
    case AUDIT_BIT_MASK:
      return (value & limit) != 0;
    case AUDIT_BIT_TEST:
      return (value & limit) == limit;
    default:
      return false;
  }
}

/// The least and the greatest value that a constraint leaves, as far as it is a range.
struct Range {
  std::int64_t least = INT64_MIN;
  std::int64_t most = INT64_MAX;
};
std::optional<Range> range_of(const AuditField& field) {
  const auto number = number_of(field);
  switch (field.op) {
    case AUDIT_EQUAL:
      return Range{number, number};
    case AUDIT_GREATER_THAN_OR_EQUAL:
      return Range{number, INT64_MAX};
    case AUDIT_GREATER_THAN:
      return Range{number + 1, INT64_MAX};
    case AUDIT_LESS_THAN_OR_EQUAL:
      return Range{INT64_MIN, number};
    case AUDIT_LESS_THAN:
      return Range{INT64_MIN, number - 1};
    default:
      return std::nullopt;
  }
}

bool same_condition(const AuditField& one, const AuditField& other) {
  return one.op == other.op && one.value == other.value && one.text == other.text;
}

/// Whether every value that fits `known` fits `field`, of the same field of the event.
bool follows(const AuditField& known, const AuditField& field) {
  if (same_condition(known, field)) return true;
  const auto number = number_of(field);
  if (known.op == AUDIT_EQUAL) return holds(number_of(known), field.op, number);
  const auto given = range_of(known);
  if (!given) {
    // Known is `!=`: all that follows from "not the greatest id" is "less than it".
    return known.op == AUDIT_NOT_EQUAL && known.value == unset &&
           ((field.op == AUDIT_LESS_THAN && field.value == unset) ||
            (field.op == AUDIT_LESS_THAN_OR_EQUAL && field.value == unset - 1));
  }
  if (field.op == AUDIT_NOT_EQUAL) return number < given->least || number > given->most;
  const auto wanted = range_of(field);
  return wanted && wanted->least <= given->least && given->most <= wanted->most;
}

/// Whether no value fits both.
bool excludes(const AuditField& known, const AuditField& field) {
  if (known.op == AUDIT_EQUAL) return !holds(number_of(known), field.op, number_of(field));
  if (field.op == AUDIT_EQUAL) return !holds(number_of(field), known.op, number_of(known));
  const auto one = range_of(known);
  const auto other = range_of(field);
  return one && other && (one->most < other->least || other->most < one->least);
}

bool always_true(const AuditField& field) {
  return field.field != AUDIT_EXIT && field.op == AUDIT_GREATER_THAN_OR_EQUAL && field.value == 0;
}

/// A call that failed with an error number did not succeed.
std::optional<AuditField> success_of(const AuditField& known) {
  if (known.field != AUDIT_EXIT || known.op != AUDIT_EQUAL) return std::nullopt;
  return AuditField{AUDIT_SUCCESS, AUDIT_EQUAL, number_of(known) < 0 ? 0U : 1U};
}

template <class Test>
bool any_known(const AuditEvents& events, const AuditField& field, const Test& test) {
  return std::any_of(events.constraints.begin(), events.constraints.end(), [&](const AuditField& known) {
    if (const auto success = success_of(known); success && field.field == AUDIT_SUCCESS) return test(*success, field);
    if (known.field != field.field) return false;
    if (known.field == AUDIT_FIELD_COMPARE) return same_condition(known, field);
    return test(known, field);
  });
}

enum class Fit : std::uint8_t { none, some, all };

Fit fit_of_path(const AuditField& field, const AuditEvents& events) {
  if (events.path.empty()) return Fit::some;
  if (field.op != AUDIT_EQUAL) return Fit::some;
  if (field.field == AUDIT_DIR) {
    if (is_at_or_below(events.path, field.text)) return Fit::all;
    return events.directory && is_at_or_below(field.text, events.path) ? Fit::some : Fit::none;
  }
  if (!events.directory) return field.text == events.path ? Fit::all : Fit::none;
  return is_at_or_below(field.text, events.path) ? Fit::some : Fit::none;
}

Fit fit_of(const AuditField& field, const AuditEvents& events) {
  if (field.field == AUDIT_WATCH || field.field == AUDIT_DIR) return fit_of_path(field, events);
  if (field.field == AUDIT_PERM) {
    if (events.access == 0) return Fit::some;
    if ((events.access & ~field.value) == 0) return Fit::all;
    return (events.access & field.value) == 0 ? Fit::none : Fit::some;
  }
  if (always_true(field) || any_known(events, field, follows)) return Fit::all;
  const bool opposite = field.field != AUDIT_FIELD_COMPARE && any_known(events, field, excludes);
  return opposite ? Fit::none : Fit::some;
}

/// How much of the kind the conditions of a rule let through; the list, the calls and msgtype are the caller's.
Fit fit_of(const AuditRule& rule, const AuditEvents& events) {
  auto fit = Fit::all;
  for (const auto& field : rule.fields) {
    if (field.field == AUDIT_MSGTYPE) continue;
    if (field.field == AUDIT_ARCH) {
      const bool same = (field.value == events.architecture) == (field.op == AUDIT_EQUAL);
      if (!same) return Fit::none;
      continue;
    }
    fit = std::min(fit, fit_of(field, events));
  }
  return fit;
}

bool for_nobody_logged_in(const AuditRule& rule) {
  return std::any_of(rule.fields.begin(), rule.fields.end(), [](const AuditField& field) {
    return field.field == AUDIT_LOGINUID && field.op == AUDIT_EQUAL && field.value == unset;
  });
}

bool drops_system_calls(const AuditRule& rule) {
  return std::all_of(rule.fields.begin(), rule.fields.end(), [](const AuditField& field) {
    return field.field != AUDIT_MSGTYPE || holds(system_call_record, field.op, number_of(field));
  });
}

/// A rule that stops records before the exit list is asked.
const AuditRule* stopped_by(const AuditEvents& events, std::span<const AuditRule> rules) {
  bool settled = false;  // a task rule before has said `always` to all of them
  for (const auto& rule : rules) {
    const bool task = rule.list == AUDIT_FILTER_TASK;
    const bool exclude = rule.list == AUDIT_FILTER_EXCLUDE;
    if (!task && !exclude) continue;
    const auto fit = fit_of(rule, events);
    if (task && rule.action == AUDIT_ALWAYS && fit == Fit::all) settled = true;
    if (fit == Fit::none || for_nobody_logged_in(rule)) continue;
    if (task && !settled && rule.action == AUDIT_NEVER) return &rule;
    if (exclude && drops_system_calls(rule)) return &rule;
  }
  return nullptr;
}

AuditCoverage coverage_of_call(const AuditEvents& events, std::uint32_t call, std::span<const AuditRule> rules) {
  for (const auto& rule : rules) {
    if (rule.list != AUDIT_FILTER_EXIT) continue;
    if (!rule.all_calls && (call >= rule.calls.size() || !rule.calls.test(call))) continue;
    const auto fit = fit_of(rule, events);
    if (fit == Fit::none) continue;
    if (rule.action == AUDIT_NEVER) {
      if (for_nobody_logged_in(rule)) continue;
      return {false, &rule};
    }
    if (fit == Fit::all) return {true, &rule};
  }
  return {};
}

// The calls of each access of asm-generic/audit_*.h that name a file by path or descriptor. Those on whole file
// systems, sockets and swap are left out: no path of a file leads to them.
constexpr std::array<std::string_view, 2> runs = {"execve", "execveat"};
constexpr std::array<std::string_view, 20> writes = {"rename",   "mkdir",     "rmdir",     "creat",     "link",
                                                     "unlink",   "symlink",   "mknod",     "mkdirat",   "mknodat",
                                                     "unlinkat", "renameat",  "linkat",    "symlinkat", "renameat2",
                                                     "truncate", "ftruncate", "fallocate", "open",      "openat"};
constexpr std::array<std::string_view, 13> attributes = {
    "chmod",     "fchmod",      "chown",        "lchown",       "fchown",   "setxattr", "lsetxattr",
    "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "fchownat", "fchmodat"};
constexpr std::array<std::string_view, 4> reads = {"open", "openat", "readlink", "readlinkat"};

template <class Names>
void add_calls(const Names& names, std::uint32_t architecture, std::vector<std::uint32_t>& calls) {
  for (const auto name : names) {
    if (const auto number = syscall_number(name, architecture)) calls.push_back(*number);
  }
}

}  // namespace

bool is_at_or_below(std::string_view path, std::string_view directory) {
  if (directory == "/") return path.starts_with('/');
  return path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/');
}

std::vector<std::uint32_t> calls_of_access(std::uint32_t access, std::uint32_t architecture) {
  std::vector<std::uint32_t> calls;
  if ((access & AUDIT_PERM_EXEC) != 0) add_calls(runs, architecture, calls);
  if ((access & AUDIT_PERM_WRITE) != 0) add_calls(writes, architecture, calls);
  if ((access & AUDIT_PERM_ATTR) != 0) add_calls(attributes, architecture, calls);
  if ((access & AUDIT_PERM_READ) != 0) add_calls(reads, architecture, calls);
  return calls;
}

AuditCoverage coverage_of(const AuditEvents& events, std::span<const AuditRule> rules) {
  if (const auto* stopper = stopped_by(events, rules)) return {false, stopper};
  AuditCoverage first;
  for (const auto call : events.calls) {
    const auto coverage = coverage_of_call(events, call, rules);
    if (!coverage.recorded) return coverage;
    if (first.rule == nullptr) first = coverage;
  }
  return first;
}

}  // namespace plimsoll::formats
