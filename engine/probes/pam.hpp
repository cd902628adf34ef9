// Probe `pam`: the module calls of PAM stacks.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe pam_probe;

}  // namespace plimsoll::probes
