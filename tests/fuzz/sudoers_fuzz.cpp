// The policy language of sudo.
#include "engine/formats/sudoers.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  for (const auto& entry : parse_sudoers(text)) {
    if (const auto* setting = std::get_if<SudoersDefault>(&entry)) (void)to_text(*setting);
    if (const auto* rule = std::get_if<SudoersRule>(&entry)) (void)to_text(rule->command);
  }
}
