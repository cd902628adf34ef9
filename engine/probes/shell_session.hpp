// What the start-up files of a login shell set, for the probes that ask for it.
#pragma once

#include <optional>

#include "engine/formats/shell_startup.hpp"
#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe shell_setting_probe;
extern const Probe shell_path_probe;

/// Who logs in: root, whose own files are read too, or anybody, whose own files are not looked at.
enum class Login : bool { anybody, root };

/// What the files that a login reads have set, followed once per run.
[[nodiscard]] const formats::ShellStartup& follow_login(const sources::Sources& sources, Login who);

/// Why effects may be missing: a file that could not be read, code whose doing cannot be told. Empty: nothing.
[[nodiscard]] std::optional<Error> login_obstacle(const formats::ShellStartup& login);

}  // namespace plimsoll::probes
