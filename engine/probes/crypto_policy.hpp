// Probes `crypto_policy` and `crypto_policy.scope`: the system-wide cryptographic policy of the Fedora family.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe crypto_policy_probe;
extern const Probe crypto_policy_scope_probe;

}  // namespace plimsoll::probes
