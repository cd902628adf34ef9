// Probe `user`: the lines of /etc/passwd, with what /etc/shadow, /etc/group, /etc/shells and the home directory add.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe user_probe;

}  // namespace plimsoll::probes
