// A registry of images that this host serves: distribution, also called docker-registry.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe registry_server_probe;

}  // namespace plimsoll::probes
