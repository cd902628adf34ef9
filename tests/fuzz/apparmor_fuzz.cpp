// Profiles of AppArmor, labels of processes, and patterns of programs.
#include "engine/formats/apparmor.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto file = parse_apparmor_file(text);
  for (const auto& profile : file.profiles) {
    require(profile.line > 0);
    for (const auto& pattern : expand_apparmor_pattern(profile.attachment, file.variables)) {
      (void)apparmor_pattern_matches(pattern, "/usr/bin/man");
    }
  }
  (void)parse_apparmor_labels(text);
}
