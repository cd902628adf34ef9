// The one walk of the file system.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

/// Only entries that can decide one of the checks become records (tree_filter.hpp).
extern const Probe tree_probe;

/// Set-id programs and whether their use is audited (set_id_programs.hpp): a question to the same walk.
extern const Probe privileged_program_probe;

}  // namespace plimsoll::probes
