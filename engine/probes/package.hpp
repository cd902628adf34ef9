// Whether a package is installed, by the package manager's own database.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe package_probe;

}  // namespace plimsoll::probes
