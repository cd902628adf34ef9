// Probe `group`: the lines of /etc/group, with what /etc/gshadow and /etc/passwd add.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe group_probe;

}  // namespace plimsoll::probes
