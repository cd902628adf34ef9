// capabilities(7), by system call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/results.hpp"

namespace plimsoll::audit {

/// Keeps those capabilities of the `wanted` bits (1 << CAP_…) that this thread has, and drops all others from the
/// effective, permitted, inheritable, ambient and, where CAP_SETPCAP allows it, bounding set. Out: what could not be
/// done.
[[nodiscard]] std::optional<Limit> keep_only_capabilities(std::uint64_t wanted);

/// Whether this user, without any capability, may make files in the directory, by its owner, group and mode.
[[nodiscard]] bool writable_by_mode(const std::string& directory);

}  // namespace plimsoll::audit
