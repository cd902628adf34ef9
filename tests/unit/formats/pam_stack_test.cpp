#include "engine/formats/pam_stack.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

namespace {

struct Line {
  std::string_view control;
  PamReturns possible = any_return;
  std::uint32_t level = 0;
};

constexpr PamReturns permit = returns(PamReturn::success);
constexpr PamReturns deny = returns(PamReturn::auth_err);
constexpr PamReturns substack = 0;

std::vector<PamStepOutcome> outcomes_of(const std::vector<Line>& lines) {
  std::vector<PamStep> steps;
  for (const auto& line : lines) {
    const auto file = parse_pam_file("auth " + std::string(line.control) + " pam_x.so\n");
    steps.push_back({file.lines.front().actions, line.possible, line.level});
  }
  return analyse_pam_stack(steps, returns(PamReturn::auth_err) | returns(PamReturn::perm_denied)).steps;
}

}  // namespace

TEST_CASE("what a stack makes of one of its lines", "[formats][pam_stack]") {
  using Around = std::vector<std::size_t>;
  struct Case {
    const char* what;
    std::vector<Line> lines;
    std::size_t line;
    bool reached;
    bool enforced;
    Around bypassed_by;
  };
  const auto c = GENERATE(values<Case>({
      {"a required line alone", {{"required"}}, 0, true, true, {}},
      {"an optional line decides nothing beside another", {{"optional"}, {"required"}}, 0, true, false, {}},
      {"behind a sufficient module that may fail", {{"sufficient"}, {"required"}}, 1, true, true, {0}},
      {"behind a sufficient module that always succeeds", {{"sufficient", permit}, {"required"}}, 1, false, false, {0}},
      {"behind a requisite module that never succeeds", {{"requisite", deny}, {"required"}}, 1, false, false, {}},
      {"a failure before makes `sufficient` end nothing",
       {{"required", deny}, {"sufficient", permit}, {"required"}},
       2,
       true,
       true,
       {}},
      {"a jump over it", {{"[success=1 default=ignore]"}, {"required"}, {"required", permit}}, 1, true, true, {0}},
      {"a jump that always happens", {{"[success=1]", permit}, {"required"}, {"required"}}, 1, false, false, {0}},
      {"a jump too far is a failure", {{"[success=2 default=ignore]"}, {"required"}}, 1, true, true, {}},
      {"the shape of pam-auth-update",
       {{"[success=1 default=ignore]"}, {"requisite", deny}, {"required", permit}},
       0,
       true,
       true,
       {}},
      {"sufficient and then deny", {{"sufficient"}, {"required", deny}}, 0, true, true, {}},
      {"sufficient and then permit", {{"sufficient"}, {"required", permit}}, 0, true, false, {}},
      {"`done` in a substack ends only that",
       {{"required", substack}, {"sufficient", permit, 1}, {"required", any_return, 1}, {"required"}},
       3,
       true,
       true,
       {}},
      {"and what stands behind it there is not reached",
       {{"required", substack}, {"sufficient", permit, 1}, {"required", any_return, 1}, {"required"}},
       2,
       false,
       false,
       {1}},
      {"a substack counts as one line for a jump",
       {{"[success=1 default=ignore]"},
        {"required", substack},
        {"required", any_return, 1},
        {"required", any_return, 1},
        {"required"}},
       4,
       true,
       true,
       {}},
      {"`reset` forgets a failure", {{"required"}, {"[default=reset]"}, {"required", permit}}, 0, true, false, {}},
      {"a bad outcome that is ignored",
       {{"[success=ok perm_denied=ignore default=bad]"}, {"required", permit}},
       0,
       true,
       false,
       {}},
  }));
  CAPTURE(c.what);
  const auto outcome = outcomes_of(c.lines).at(c.line);
  CHECK(outcome.reached == c.reached);
  CHECK(outcome.enforced == c.enforced);
  CHECK(outcome.bypassed_by == c.bypassed_by);
}

TEST_CASE("a stack without lines has no outcomes", "[formats][pam_stack]") {
  CHECK(analyse_pam_stack({}, 0).steps.empty());
}

TEST_CASE("whether a stack lets anybody in", "[formats][pam_stack]") {
  const auto grants = [](const std::vector<Line>& lines) {
    std::vector<PamStep> steps;
    for (const auto& line : lines) {
      const auto file = parse_pam_file("auth " + std::string(line.control) + " pam_x.so\n");
      steps.push_back({file.lines.front().actions, line.possible, line.level});
    }
    return analyse_pam_stack(steps, 0).grants;
  };
  CHECK_FALSE(grants({}));
  CHECK(grants({{"required"}}));
  CHECK_FALSE(grants({{"required", deny}}));
  CHECK_FALSE(grants({{"required", returns(PamReturn::ignore)}, {"required", deny}}));
  CHECK(grants({{"sufficient"}, {"required", deny}}));
}
