// Probe `dconf`: one setting of the GNOME desktop, or of its login screen.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe dconf_probe;

}  // namespace plimsoll::probes
