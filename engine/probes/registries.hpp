// Registries as this host uses them: where images come from, how connections are protected, whose signatures count, and
// where passwords lie.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe registry_client_probe;
extern const Probe registry_search_probe;
extern const Probe registry_policy_probe;
extern const Probe registry_credentials_probe;

}  // namespace plimsoll::probes
