// Probe `gdm`: the configuration of GNOME's display manager.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe gdm_probe;

}  // namespace plimsoll::probes
