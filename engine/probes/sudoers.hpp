// Probes `sudoers.rule` and `sudoers.defaults`: whom sudo lets do what, and how it behaves meanwhile.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe sudoers_rule_probe;
extern const Probe sudoers_defaults_probe;

}  // namespace plimsoll::probes
