// Probe `limit`: one limit that pam_limits sets at login, for everybody and for those who have one of their own.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe limit_probe;

}  // namespace plimsoll::probes
