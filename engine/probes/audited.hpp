#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe audited_probe;

}  // namespace plimsoll::probes
