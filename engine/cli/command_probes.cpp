#include <unistd.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/probe_tables.hpp"
#include "engine/cli/terminal.hpp"
#include "engine/cli/text_layout.hpp"
#include "engine/probes/probe.hpp"

namespace plimsoll::cli {

ExitStatus run_probes(const CommandLine& line) {
  std::span<const ProbeSchema* const> schemas = probes::schemas();
  const std::size_t width = terminal_of(STDOUT_FILENO).width;
  if (line.operands.empty())
    return printed(line.has("markdown") ? probe_markdown(schemas) : probe_list(schemas, width));

  const std::string& name = line.operands.front();
  const probes::Probe* probe = probes::find(name);
  if (probe == nullptr) {
    std::vector<std::string_view> names;
    for (const ProbeSchema* schema : schemas) names.push_back(schema->name);
    return misused(line, "no probe is named `" + printable(name) + "`" + did_you_mean(name, names));
  }
  const ProbeSchema* const chosen[] = {probe->schema};
  return printed(line.has("markdown") ? probe_markdown(chosen) : probe_text(*probe->schema, width));
}

}  // namespace plimsoll::cli
