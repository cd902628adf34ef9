// Probes `firewalld` and `firewalld.zone`: what firewalld sets up when it starts.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe firewalld_probe;
extern const Probe firewalld_zone_probe;

}  // namespace plimsoll::probes
