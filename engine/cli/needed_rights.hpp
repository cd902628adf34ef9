// What of the confinement a plan cannot do without.
#pragma once

#include "engine/catalog/catalog.hpp"
#include "engine/core/plan.hpp"

namespace plimsoll::cli {

/// Whether a leaf of the plan asks for what the kernel shows of another process only to those who could trace it
/// (/proc/PID/exe): Landlock would hide that (ptrace(2), "Ptrace access mode checking").
[[nodiscard]] bool reads_other_processes(const Plan& plan);

/// The same for whichever profiles detection may choose.
[[nodiscard]] bool reads_other_processes(const catalog::Catalog& catalog);

/// Whether some check of the plan asks what the kernel's audit system holds.
[[nodiscard]] bool reads_kernel_audit(const Plan& plan);

}  // namespace plimsoll::cli
