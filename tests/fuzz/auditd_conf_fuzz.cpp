// auditd.conf.
#include "engine/formats/auditd_conf.hpp"
#include "tests/fuzz/input.hpp"

PLIMSOLL_FUZZ(text) {
  (void)plimsoll::formats::parse_auditd_conf(text);
}
