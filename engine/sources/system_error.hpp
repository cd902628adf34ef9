// errno, in words that tell a person what happened and what would help.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/error.hpp"

namespace plimsoll::sources {

/// `doing` is a clause with its object: "cannot read /etc/shadow". ENOENT, ENOTDIR and ESRCH (a process that ended) are
/// not_found; EACCES and EPERM are denied, with what would lift it; the rest is failed.
[[nodiscard]] Error system_error(int number, std::string_view doing);

/// strerror(3) without its capital letter and without sharing a buffer between threads.
[[nodiscard]] std::string reason(int number);

}  // namespace plimsoll::sources
