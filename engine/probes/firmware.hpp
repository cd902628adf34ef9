// Probe `firmware`: how the machine was started, and whether it checks what it starts.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe firmware_probe;

}  // namespace plimsoll::probes
