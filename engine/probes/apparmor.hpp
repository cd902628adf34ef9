// Probes `apparmor.profile` and `apparmor.process`: what AppArmor confines now, and what it will after the next boot.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe apparmor_profile_probe;
extern const Probe apparmor_process_probe;

}  // namespace plimsoll::probes
