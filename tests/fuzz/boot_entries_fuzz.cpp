// grub.cfg, grubenv and boot loader entries.
#include "engine/formats/boot_entries.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto environment = parse_grubenv(text);
  for (const auto& entry : parse_grub_cfg(text, environment).entries) {
    require(entry.line > 0);
    (void)values_in_entry(entry, "audit");
  }
  (void)parse_bls_entry(text, environment);
}
