// Probes `polkit.file`, `polkit.grant` and `polkit.action`: who may ask other programs for what, and what is asked of
// them.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe polkit_file_probe;
extern const Probe polkit_grant_probe;
extern const Probe polkit_action_probe;

}  // namespace plimsoll::probes
