// Probe `logrotate.rule`: which log files are rotated, when, and how many of them are kept.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe logrotate_rule_probe;

}  // namespace plimsoll::probes
