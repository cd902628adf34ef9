// login.defs and the defaults of useradd.
#include "engine/formats/login_defs.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  (void)parse_login_defs(text);
  (void)parse_useradd_defaults(text);
}
