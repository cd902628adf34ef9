// Actions, grants and rules of polkit.
#include "engine/formats/polkit.hpp"

#include <string>

#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  if (const auto actions = parse_polkit_actions(text)) {
    for (const auto& action : *actions) require(!action.id.empty() && !action.allow_any.empty());
  }
  (void)parse_polkit_grants(text);
  // Only a comment or a string before it could take a call away.
  const std::string rules = std::string(text) + "\npolkit.addRule(f);";
  if (text.find_first_of("/'\"`") == std::string_view::npos) require(polkit_rules_may_decide(rules));
}
