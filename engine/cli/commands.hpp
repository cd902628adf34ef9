// One function per subcommand: prints, and returns the exit status. main.cpp picks one.
#pragma once

#include <span>
#include <string>

#include "engine/cli/exit_status.hpp"
#include "engine/cli/parse.hpp"

namespace plimsoll::cli {

/// `arguments`: the whole command line but the program's name, for the report.
[[nodiscard]] ExitStatus run_audit(const CommandLine& line, std::span<const std::string> arguments);
[[nodiscard]] ExitStatus run_list(const CommandLine& line);
[[nodiscard]] ExitStatus run_explain(const CommandLine& line);
[[nodiscard]] ExitStatus run_validate(const CommandLine& line);
[[nodiscard]] ExitStatus run_probes(const CommandLine& line);

/// Prints a text that a subcommand is there to print.
[[nodiscard]] ExitStatus printed(const std::string& text);

/// Tells what is wrong with the use of a subcommand.
[[nodiscard]] ExitStatus misused(const CommandLine& line, std::string what);

/// "0.1.0"
[[nodiscard]] std::string_view tool_version();

}  // namespace plimsoll::cli
