// Probe `kernel.command_line`: one kernel parameter, as the running kernel got it and as the next boot will pass it.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe kernel_command_line_probe;

}  // namespace plimsoll::probes
