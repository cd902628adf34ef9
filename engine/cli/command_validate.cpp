#include <fmt/core.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/open_catalog.hpp"
#include "engine/cli/output.hpp"

namespace plimsoll::cli {
namespace {

std::string counted(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

}  // namespace

ExitStatus run_validate(const CommandLine& line) {
  const catalog::Catalog shipped = catalog::shipped();
  if (line.operands.empty()) {
    return printed(fmt::format(
        "The shipped catalog {} holds {} and {}; it was validated when this program was built.\n"
        "To validate your own: plimsoll validate DIR\n",
        shipped.version(), counted(shipped.check_count(), "check"), counted(shipped.profile_count(), "profile")));
  }
  const catalog::LoadOutcome outcome = load_with(line.operands, shipped);
  if (!outcome.catalog) {
    complain(diagnostics_text(outcome.diagnostics));
    return exit_usage;
  }
  return printed(fmt::format("No mistakes. Together with the shipped ones: {} and {}.\n",
                             counted(outcome.catalog->check_count(), "check"),
                             counted(outcome.catalog->profile_count(), "profile")));
}

}  // namespace plimsoll::cli
