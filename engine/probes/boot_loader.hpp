// Probe `boot_loader`: who may change GRUB's boot menu, and who may boot from it.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe boot_loader_probe;

}  // namespace plimsoll::probes
