// The program. What costs nothing is dispatched first: `plimsoll version` touches no catalog and no option parser.
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cli/commands.hpp"
#include "engine/cli/completion.hpp"
#include "engine/cli/help.hpp"
#include "engine/cli/man.hpp"
#include "engine/cli/output.hpp"
#include "engine/cli/parse.hpp"
#include "engine/cli/signals.hpp"
#include "engine/cli/terminal.hpp"
#include "engine/cli/text_layout.hpp"
#include "engine/probes/probe.hpp"

namespace plimsoll::cli {
namespace {

constexpr std::string_view version_line = "plimsoll " PLIMSOLL_VERSION "\n";

bool asks_for_version(int count, char** words) {
  if (count != 2) return false;
  for (const char* name : {"version", "--version", "-V"}) {
    if (std::strcmp(words[1], name) == 0) return true;
  }
  return false;
}

ExitStatus print_help(const CommandInfo& command) {
  const std::size_t width = std::min<std::size_t>(terminal_of(STDOUT_FILENO).width, 100);
  return printed(help_text(command, reports::all(), width == 0 ? 80 : width));
}

ExitStatus run_help(const CommandLine& line) {
  if (line.operands.empty()) return print_help(*line.command);
  const std::string& name = line.operands.front();
  if (const CommandInfo* command = command_named(name)) return print_help(*command);
  std::vector<std::string_view> names;
  for (const CommandInfo& command : commands()) names.push_back(command.name);
  return misused(line, "no subcommand is named `" + printable(name) + "`" + did_you_mean(name, names));
}

ExitStatus print_completion(const CommandLine& line) {
  std::vector<std::string_view> probe_names;
  for (const ProbeSchema* schema : probes::schemas()) probe_names.push_back(schema->name);
  return printed(completion_script(line.operands.front(), {reports::all(), probe_names}));
}

ExitStatus dispatch(const CommandLine& line, const std::vector<std::string>& arguments) {
  if (line.has("help")) return print_help(*line.command);
  switch (line.command->command) {
    case Command::audit:
      return run_audit(line, arguments);
    case Command::list:
      return run_list(line);
    case Command::explain:
      return run_explain(line);
    case Command::validate:
      return run_validate(line);
    case Command::probes:
      return run_probes(line);
    case Command::version:
      return printed(std::string(version_line));
    case Command::help:
      return run_help(line);
    case Command::completion:
      return print_completion(line);
    case Command::man:
      return printed(manual_page(tool_version(), reports::all()));
  }
  return exit_usage;
}

/// The heap grows by a megabyte at a time: an audit needs a few, and each growth is a call of the kernel.
void grow_in_large_steps() {
  constexpr int step = 1 << 20;
  (void)::mallopt(M_TOP_PAD, step);  // NOLINT(concurrency-mt-unsafe): no thread has been started yet
}

int run(int count, char** words) {
  let_writes_fail();
  grow_in_large_steps();
  if (asks_for_version(count, words)) return print(version_line) ? exit_holds : exit_usage;
  const std::vector<std::string> arguments(words + (count > 0 ? 1 : 0), words + count);
  const auto line = parse(arguments);
  if (!line) {
    complain(to_text(line.error()));
    return exit_usage;
  }
  return dispatch(*line, arguments);
}

}  // namespace
}  // namespace plimsoll::cli

int main(int count, char** words) {
  return plimsoll::cli::run(count, words);
}
