// Probes `apt.source`, `apt.key_file` and `apt.setting`: where packages come from, and who vouches for them.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe apt_source_probe;
extern const Probe apt_key_file_probe;
extern const Probe apt_setting_probe;

}  // namespace plimsoll::probes
