// Whether audit rules record an event: what the kernel decides (auditfilter.c, auditsc.c), worked out beforehand for
// all events of a kind.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/audit_rules.hpp"

namespace plimsoll::formats {

/// A kind of events: calls of one architecture, with what is known of each event of the kind.
struct AuditEvents {
  std::uint32_t architecture = 0;
  std::vector<std::uint32_t> calls;     ///< every one of them is to be recorded
  std::string path;                     ///< what the calls reach, links above it resolved; empty: anything
  bool directory = false;               ///< the path and all below it
  std::uint32_t access = 0;             ///< with a path: AUDIT_PERM_WRITE and its like
  std::vector<AuditField> constraints;  ///< each holds of every event: auid>=1000, exit=-EACCES
};

struct AuditCoverage {
  bool recorded = false;
  /// What decided: the rule that records them (the first call's), or the one that keeps some of them from being
  /// recorded; nothing where no rule speaks of them.
  const AuditRule* rule = nullptr;
};

/// `rules` in the order in which the kernel asks them; paths in them with links above their last part resolved. An
/// event is recorded when the first rule of the exit list that fits it says `always`, unless its process was started
/// under a rule of the task list that says `never`, or the exclude list drops it. A `never` rule that fits only some
/// events of the kind counts against it, unless it is for processes that nobody logged in to start (auid=unset): those
/// are let off by rules that distributions ship. A rule that fits a part of the kind, with another rule for the rest,
/// does not count for it.
[[nodiscard]] AuditCoverage coverage_of(const AuditEvents& events, std::span<const AuditRule> rules);

/// The calls that reach a file in a way: those an `access` letter stands for, as far as this architecture has them.
[[nodiscard]] std::vector<std::uint32_t> calls_of_access(std::uint32_t access, std::uint32_t architecture);

/// Whether `path` is `directory` or stands below it.
[[nodiscard]] bool is_at_or_below(std::string_view path, std::string_view directory);

}  // namespace plimsoll::formats
