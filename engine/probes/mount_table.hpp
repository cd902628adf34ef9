// The mount table of the audited host, read once per run.
#pragma once

#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/mountinfo.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// /proc/self/mountinfo of a live root. Of a root that holds its host's /proc, /proc/1/mountinfo: the view of that
/// host's first process. Errors: unobservable where no kernel is visible; otherwise as reading or parsing fails.
struct MountTable {
  Result<std::vector<formats::Mount>> mounts;
  std::string source;  ///< the file read; ":line" names an entry
};
[[nodiscard]] const MountTable& mount_table(const sources::Sources& sources);

}  // namespace plimsoll::probes
