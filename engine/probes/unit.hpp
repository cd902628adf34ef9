// Probe `unit`: a systemd unit as it is configured to start, and whether it runs now.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe unit_probe;

}  // namespace plimsoll::probes
