#include <unistd.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/explanation.hpp"
#include "engine/cli/open_catalog.hpp"
#include "engine/cli/terminal.hpp"
#include "engine/cli/text_layout.hpp"

namespace plimsoll::cli {

ExitStatus run_explain(const CommandLine& line) {
  const auto catalog = open_catalog(line.values("catalog"));
  if (!catalog) return exit_usage;
  const std::string& id = line.operands.front();
  if (const auto text = explanation(*catalog, id, terminal_of(STDOUT_FILENO).width)) return printed(*text);
  return misused(line, "nothing is named `" + printable(id) + "`" + did_you_mean(id, explainable_words(*catalog)));
}

}  // namespace plimsoll::cli
