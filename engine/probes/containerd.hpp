// How containerd is configured, and the runtimes that its CRI plugin knows.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe containerd_config_probe;
extern const Probe containerd_runtime_probe;

}  // namespace plimsoll::probes
