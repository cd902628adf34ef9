// What a kernel would list for audit rules written as auditctl(8) takes them.
#pragma once

#include <string>
#include <string_view>

#include "engine/formats/audit_rules.hpp"
#include "engine/sources/audit_netlink.hpp"
#include "tests/support/world.hpp"

namespace plimsoll::tests {

/// The payload of an AUDIT_LIST_RULES message.
[[nodiscard]] std::string audit_rule_bytes(const formats::AuditRule& rule);

/// The kernel's answers in a world: what its `audit:` says, with watches seen as directories where its files are.
/// Throws std::runtime_error for a rule that auditctl would refuse.
[[nodiscard]] sources::KernelAudit kernel_audit_of(const World& world);

}  // namespace plimsoll::tests
