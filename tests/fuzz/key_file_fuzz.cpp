// Key files, dconf profiles, and values in text form.
#include "engine/formats/key_file.hpp"

#include "engine/formats/dconf_profile.hpp"
#include "engine/formats/gvariant.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  (void)parse_dconf_profile(text);
  (void)parse_variant_text(text);
  const auto entries = parse_key_file(text);
  if (!entries) return;
  for (const auto& entry : *entries) {
    require(find_entry(*entries, entry.group, entry.key) != nullptr);
    (void)parse_variant_text(entry.value);
  }
}
