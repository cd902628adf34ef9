// A seccomp filter (seccomp(2)) through libseccomp.
#pragma once

#include <optional>

#include "engine/core/results.hpp"

namespace plimsoll::audit {

/// Answers EPERM, for this thread and those it starts, to system calls that an audit never makes: running programs,
/// starting processes (threads stay possible), looking into other processes, mounting, loading modules, changing the
/// machine. An error instead of a kill, so that a slip becomes a message. Out: what could not be done.
[[nodiscard]] std::optional<Limit> filter_system_calls();

}  // namespace plimsoll::audit
