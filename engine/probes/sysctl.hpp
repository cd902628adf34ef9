// Probe `sysctl`: a kernel setting as it is now, and as it will be after the next boot.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe sysctl_probe;

}  // namespace plimsoll::probes
