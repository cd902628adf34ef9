// Probe `dnf.update`: installed packages of which dnf knows a newer version.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe dnf_update_probe;

}  // namespace plimsoll::probes
