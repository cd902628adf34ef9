// Probe `sshd`: the configuration that sshd would start with, as `sshd -T` prints it.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe sshd_probe;

}  // namespace plimsoll::probes
