// Which operating system the audited root says it is.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe os_release_probe;

}  // namespace plimsoll::probes
