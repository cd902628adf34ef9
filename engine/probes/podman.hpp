// How Podman and Buildah are configured, for root and for each user.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe podman_config_probe;

}  // namespace plimsoll::probes
