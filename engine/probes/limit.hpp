// Probe `limit`: the resource limits that pam_limits sets at login.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe limit_probe;

}  // namespace plimsoll::probes
