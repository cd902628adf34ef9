// Probe `kernel.module`: whether a module is in the kernel now, can get in, and is kept out.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe kernel_module_probe;

}  // namespace plimsoll::probes
