// The one walk of the file system.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

/// Only entries that can decide one of the checks become records (tree_filter.hpp).
extern const Probe tree_probe;

}  // namespace plimsoll::probes
