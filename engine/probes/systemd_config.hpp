// What the configuration files of systemd's daemons set.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe systemd_config_probe;

}  // namespace plimsoll::probes
