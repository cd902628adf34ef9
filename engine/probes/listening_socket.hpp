// Probe `listening_socket`: where the host waits for packets from others.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe listening_socket_probe;

}  // namespace plimsoll::probes
