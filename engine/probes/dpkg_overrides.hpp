// Probes `dpkg.diversion` and `dpkg.stat_override`: what dpkg was told to do otherwise than a package says.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe dpkg_diversion_probe;
extern const Probe dpkg_stat_override_probe;

}  // namespace plimsoll::probes
