// How CRI-O is configured, and the runtimes that it knows.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe crio_config_probe;
extern const Probe crio_runtime_probe;

}  // namespace plimsoll::probes
