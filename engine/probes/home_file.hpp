// Probe `home.file`: the hidden files in the home directory of every account.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe home_file_probe;

}  // namespace plimsoll::probes
