// What of the confinement a plan cannot do without.
#pragma once

#include "engine/catalog/catalog.hpp"
#include "engine/core/plan.hpp"

namespace plimsoll::cli {

struct NeededRights {
  /// It asks for what the kernel shows of another process only to those who could trace it (/proc/PID/exe): Landlock
  /// would hide that (ptrace(2), "Ptrace access mode checking").
  bool other_processes = false;
  bool packet_filter = false;  ///< it asks for the rules that the kernel's packet filter holds now
  bool kernel_audit = false;   ///< it asks what the kernel's audit system holds
};

[[nodiscard]] NeededRights needed_rights(const Plan& plan);

/// What any check of the catalog can need: for rights that are given up before it is known which profiles apply. The
/// values that profiles set are not looked at, so it may name more than a plan would, and never less.
[[nodiscard]] NeededRights possible_rights(const catalog::Catalog& catalog);

}  // namespace plimsoll::cli
