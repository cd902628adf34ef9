// Zones of firewalld.
#include "engine/formats/firewalld_zone.hpp"
#include "tests/fuzz/input.hpp"

PLIMSOLL_FUZZ(text) {
  (void)plimsoll::formats::parse_firewalld_zone(text);
}
