// Probe `login_limit`: the resource limits that pam_limits sets at login.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe login_limit_probe;

}  // namespace plimsoll::probes
