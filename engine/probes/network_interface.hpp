// Probe `network_interface`: the interfaces of the running host, and whether their radios are on.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe network_interface_probe;

}  // namespace plimsoll::probes
