// Probe `mount`: one place in the file tree, as it is mounted now and as the next boot will mount it.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe mount_probe;

}  // namespace plimsoll::probes
