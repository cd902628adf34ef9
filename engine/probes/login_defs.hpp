// Probe `login_defs`: what useradd, passwd and login take their defaults from.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe login_defs_probe;

}  // namespace plimsoll::probes
