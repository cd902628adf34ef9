// Probe `apt.update`: installed packages of which apt knows a newer version.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe apt_update_probe;

}  // namespace plimsoll::probes
