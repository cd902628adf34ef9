// Probes `dnf` and `dnf.repository`: whether packages must be signed, and where they come from.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe dnf_probe;
extern const Probe dnf_repository_probe;

}  // namespace plimsoll::probes
