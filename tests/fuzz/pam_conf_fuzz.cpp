// Files of pam.d, and what their lines do as one stack.
#include "engine/formats/pam_conf.hpp"
#include "engine/formats/pam_stack.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto file = parse_pam_file(text);
  std::vector<PamStep> steps;
  for (const auto& line : file.lines) {
    if (steps.size() == 200) break;
    // The line number stands in for what only other files tell.
    steps.push_back({line.actions, line.silent ? PamReturns{0} : any_return, line.line % 3});
  }
  const auto outcome = analyse_pam_stack(steps, returns(PamReturn::auth_err));
  require(outcome.steps.size() == steps.size());
  for (const auto& step : outcome.steps) require(step.reached || !step.enforced);
  require(parse_pam_conf(text, "su").lines.size() <= 10'000);
}
