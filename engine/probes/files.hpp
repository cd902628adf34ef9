// The entries of a directory, or of a small tree, that have a name and a type.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe files_probe;

}  // namespace plimsoll::probes
