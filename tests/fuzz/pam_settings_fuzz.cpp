// The configuration files of PAM modules.
#include "engine/formats/pam_settings.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  for (const auto& setting : parse_pam_settings(text, 1023).settings) {
    require(setting.line > 0);
    (void)leading_integer(setting.value);
    const auto number = scan_unsigned(setting.value, 16);
    require(!number || (*number >= 0 && *number < 65536));
  }
  (void)find_pam_key(text, "remember");
}
