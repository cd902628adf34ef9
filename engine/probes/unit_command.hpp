// The command line with which a service is started: its unit, with the environment files that the unit names.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

using Environment = std::map<std::string, std::string, std::less<>>;

/// Adds the variables of a file in the syntax of systemd's EnvironmentFile=; one that is not there adds none.
[[nodiscard]] Result<void> read_environment(const sources::Root& root, std::string path, Environment& environment);

/// `$NAME` as a word of its own becomes the words of its value; `${NAME}` anywhere becomes its text.
[[nodiscard]] std::vector<std::string> expand_words(const std::vector<std::string>& words,
                                                    const Environment& environment);

struct UnitCommand {
  std::string unit;                ///< name of the unit that was found; empty: none of them is there
  std::vector<std::string> words;  ///< the program and its arguments, variables expanded; empty without ExecStart
  std::string source;              ///< "/usr/lib/systemd/system/ssh.service:10"
};

/// ExecStart of the first unit that is there. Errors: what reading a unit file or environment file fails with.
[[nodiscard]] Result<UnitCommand> read_unit_command(const sources::Sources& sources,
                                                    std::span<const std::string_view> names);

}  // namespace plimsoll::probes
