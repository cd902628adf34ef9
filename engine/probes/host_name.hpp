// The name of the audited host.
#pragma once

#include <string>

#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// What gethostname(2) gives on the live host; else the first line of /etc/hostname that is no comment (hostname(5)),
/// as /proc/sys/kernel/hostname names the host of whoever reads it. Read once in a run. Empty: not known.
[[nodiscard]] const std::string& host_name_of(const sources::Sources& sources);

}  // namespace plimsoll::probes
