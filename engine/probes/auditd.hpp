#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe auditd_probe;     ///< what the daemon is configured to do
extern const Probe audit_log_probe;  ///< the directory that it writes to, and the files in it

}  // namespace plimsoll::probes
