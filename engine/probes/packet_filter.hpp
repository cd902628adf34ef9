// Probe `packet_filter`: what the host's firewall does with packets, by the rules it has.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe packet_filter_probe;

}  // namespace plimsoll::probes
