// Probe `selinux`: the mode of SELinux now and after the next boot, its policy, and domains that it does not hold back.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe selinux_probe;

}  // namespace plimsoll::probes
