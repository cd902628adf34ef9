// What of the confinement a plan cannot do without.
#pragma once

#include "engine/catalog/catalog.hpp"
#include "engine/core/plan.hpp"

namespace plimsoll::cli {

/// Whether a leaf of the plan asks for what the kernel shows of another process only to those who could trace it
/// (/proc/PID/exe): Landlock would hide that (ptrace(2), "Ptrace access mode checking").
[[nodiscard]] bool reads_other_processes(const Plan& plan);

/// Whether a fact of the plan is about the rules that the kernel's packet filter holds now.
[[nodiscard]] bool reads_packet_filter(const Plan& plan);

/// A plan with every profile that detection may choose, to ask the same of before it is known which.
[[nodiscard]] catalog::PlanOutcome plan_of_all(const catalog::Catalog& catalog);

/// Whether some check of the plan asks what the kernel's audit system holds.
[[nodiscard]] bool reads_kernel_audit(const Plan& plan);

}  // namespace plimsoll::cli
