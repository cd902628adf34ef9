// The command lines with which daemons run now: of the host's own processes, not of those in containers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

struct DaemonCommand {
  std::vector<std::string> words;  ///< the program and its arguments
  std::string source;              ///< "/proc/812/cmdline"
  std::uint32_t uid = 0;           ///< effective, as the host numbers it
};

struct DaemonCommands {
  std::vector<DaemonCommand> running;  ///< by process id
  std::optional<Error> gap;            ///< why some may be missing: /proc hides others, one could not be read
};

/// The processes that call themselves `name` (/proc/PID/comm). None where the kernel cannot be seen. A process in a pid
/// name space below the one of /proc belongs to a container and is passed over.
[[nodiscard]] DaemonCommands running_daemons(const sources::Sources& sources, std::string_view name);

/// The value of an option among the arguments: `--long=x`, `--long x`, `-long=x`, `-s x`, `-s=x`. The last one counts;
/// empty: not given. Options without a value must be asked for with `is_switch`: "true" where they stand bare.
[[nodiscard]] std::optional<std::string> option_value(std::span<const std::string> words, std::string_view long_name,
                                                      std::string_view short_name = {}, bool is_switch = false);

/// Every value of an option that may be repeated or hold a list with commas.
[[nodiscard]] std::vector<std::string> option_values(std::span<const std::string> words, std::string_view long_name);

}  // namespace plimsoll::probes
