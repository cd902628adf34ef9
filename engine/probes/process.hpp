// The processes that run now.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe process_probe;

}  // namespace plimsoll::probes
