// The audit rules of the audited host, those that the next boot loads and those that the kernel holds, read once per
// run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/audit_rules.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// A number that a line sets, and where.
struct AuditSetting {
  std::int64_t number = 0;
  std::string source;
};

/// What is loaded when the host starts: augenrules(8) joins /etc/audit/rules.d/*.rules, and auditctl(8) reads the
/// outcome line by line, up to the first that it or the kernel refuses, unless -i or -c stands before that.
struct AuditRulesAtBoot {
  Result<std::vector<formats::AuditRule>> rules =
      {};                            ///< in the kernel's order; paths with links above their end resolved
  std::string source;                ///< "/etc/audit/rules.d", "/etc/audit/audit.rules", or a unit
  std::string loaded_by;             ///< "augenrules", "auditctl", "nothing"
  std::vector<std::string> refused;  ///< "/etc/audit/rules.d/10.rules:3: why", in order
  bool stopped = false;              ///< what stands behind the first refused line is not loaded
  std::optional<AuditSetting> enabled;
  std::optional<AuditSetting> failure;
  std::optional<AuditSetting> backlog_limit;
  std::string continues;  ///< the place of `-c`; empty: there is none that counts
};
[[nodiscard]] const AuditRulesAtBoot& audit_rules_at_boot(const sources::Sources& sources);

/// What the running kernel holds, paths treated likewise. Errors: unobservable where no kernel is visible.
struct AuditRulesNow {
  Result<std::vector<formats::AuditRule>> rules;
  Result<sources::AuditStatus> status;
};
[[nodiscard]] const AuditRulesNow& audit_rules_now(const sources::Sources& sources);

/// The architectures of the audited host, by one of its programs; x86_64 where none of those can be read.
[[nodiscard]] const formats::Machine& audited_machine(const sources::Sources& sources);

/// The path with links in all but its last part resolved, as the kernel looks up what a rule watches.
[[nodiscard]] std::string with_links_resolved_above(const sources::Root& root, std::string_view path);

}  // namespace plimsoll::probes
