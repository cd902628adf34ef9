#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe aide_probe;

}  // namespace plimsoll::probes
