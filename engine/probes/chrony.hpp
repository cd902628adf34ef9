// Probes `chrony` and `chrony.source`: what chronyd would start with, and whom it asks for the time.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe chrony_probe;
extern const Probe chrony_source_probe;

}  // namespace plimsoll::probes
