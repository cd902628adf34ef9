#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe audit_system_probe;

}  // namespace plimsoll::probes
