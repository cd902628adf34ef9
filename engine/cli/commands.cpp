#include "engine/cli/commands.hpp"

#include <utility>

#include "engine/cli/output.hpp"

namespace plimsoll::cli {

ExitStatus printed(const std::string& text) {
  return print(text) ? exit_holds : exit_usage;
}

ExitStatus misused(const CommandLine& line, std::string what) {
  complain(to_text(Misuse{line.command, std::move(what)}));
  return exit_usage;
}

std::string_view tool_version() {
  return PLIMSOLL_VERSION;
}

}  // namespace plimsoll::cli
