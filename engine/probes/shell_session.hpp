// What the start-up files of a login shell set, for the probes that ask for it.
#pragma once

#include <string>
#include <string_view>

#include "engine/formats/shell_startup.hpp"
#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe shell_setting_probe;
extern const Probe shell_path_probe;

/// Follows the files that a login of `user` reads: "root", or empty for anybody, whose own files are not looked at.
[[nodiscard]] formats::ShellStartup follow_login(const sources::Sources& sources, std::string_view user);

/// Why effects may be missing: a file that could not be read, code whose doing cannot be told. Empty: nothing.
[[nodiscard]] std::optional<Error> login_obstacle(const formats::ShellStartup& login);

}  // namespace plimsoll::probes
