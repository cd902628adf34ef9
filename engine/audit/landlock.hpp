// landlock(7), by system call: distributions' libraries do not wrap it.
#pragma once

#include <string>
#include <vector>

#include "engine/core/results.hpp"

namespace plimsoll::audit {

/// Restricts this thread and those it starts. Needs no_new_privs. What could not be done is added to `limits`.
void restrict_with_landlock(const std::vector<std::string>& writable_directories, std::vector<Limit>& limits);

}  // namespace plimsoll::audit
