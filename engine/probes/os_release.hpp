// Which operating system the audited root says it is.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe os_release_probe;

/// The probe's one record, read once in a run: detection, checks and the report's header all need it.
[[nodiscard]] const Result<Record>& os_release_of(const sources::Sources& sources);

}  // namespace plimsoll::probes
