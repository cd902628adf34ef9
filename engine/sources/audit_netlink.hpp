// What the running kernel's audit system says of itself, over NETLINK_AUDIT.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::sources {

struct AuditStatus {
  std::uint32_t enabled = 0;  ///< 0 off, 1 on, 2 on and locked until the next boot
  std::uint32_t failure = 0;  ///< what the kernel does when records are lost: 0 nothing, 1 print, 2 panic
  std::uint32_t daemon = 0;   ///< process id of who takes the records; 0: nobody
  std::uint32_t backlog_limit = 0;
  std::uint32_t lost = 0;  ///< records lost since boot
};

/// A snapshot, taken once before the program confines itself: asking needs CAP_AUDIT_CONTROL, which may also change
/// rules and is therefore given up before anything of the audited host is parsed.
struct KernelAudit {
  Result<AuditStatus> status;
  Result<std::vector<std::string>> rules;  ///< each the payload of one AUDIT_LIST_RULES message, in the kernel's order
};

/// Asks the kernel of this process. Errors of each: denied without CAP_AUDIT_CONTROL or outside the first user or
/// process name space; unsupported where the kernel has no audit system; failed, also when it does not answer in time.
[[nodiscard]] KernelAudit read_kernel_audit();

}  // namespace plimsoll::sources
