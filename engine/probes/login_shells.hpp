// Which shells let a person in: /etc/shells, as getusershell(3) reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

/// The shells that /etc/shells lists; those of the C library where there is no such file.
[[nodiscard]] Result<std::vector<std::string>> valid_shells(const sources::Root& root);

/// The shell of an account, /bin/sh where the field is empty.
[[nodiscard]] std::string_view effective_shell(std::string_view shell);

/// Whether the shell is listed and is neither nologin nor false, in whatever directory.
[[nodiscard]] bool is_login_shell(const std::vector<std::string>& valid, std::string_view shell);

}  // namespace plimsoll::probes
