// passwd, group, shadow, gshadow and nsswitch.conf.
#include "engine/formats/passwd.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  (void)parse_passwd(text);
  (void)parse_group(text);
  (void)parse_shadow(text);
  (void)parse_gshadow(text);
  (void)nsswitch_services(text, "passwd");
}
