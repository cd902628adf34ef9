// The lines of a text file, for what no format of ours reads.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe file_line_probe;

}  // namespace plimsoll::probes
