// One path: whether it is there, what it is, whose it is and what others may do with it.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe file_probe;

}  // namespace plimsoll::probes
