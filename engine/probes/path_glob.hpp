// glob(3) over the audited host's files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

/// The paths that an absolute pattern stands for, sorted as bytes; one without wildcards stands for itself when it is
/// there. Nothing that fits is an empty list. Errors: what listing a directory on the way fails with (but not_found),
/// and too_large beyond 10,000 paths.
[[nodiscard]] Result<std::vector<std::string>> glob_paths(const sources::Root& root, std::string_view pattern);

}  // namespace plimsoll::probes
