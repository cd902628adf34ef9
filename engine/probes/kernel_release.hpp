// The release of the audited host's running kernel.
#pragma once

#include <string>

#include "engine/core/error.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// What uname(2) calls the release ("6.1.0-30-amd64"), from /proc/sys/kernel/osrelease, read once in a run.
/// Errors: those of Root::read; not_found where the kernel is not visible.
[[nodiscard]] const Result<std::string>& kernel_release_of(const sources::Sources& sources);

}  // namespace plimsoll::probes
