// Configuration files of systemd's daemons, and their values.
#include "engine/formats/systemd_config.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto config = parse_systemd_config(text);
  for (const auto& assignment : config.assignments) {
    require(config.bad_header == 0 || assignment.line < config.bad_header);
    for (const auto kind : {SystemdValue::boolean, SystemdValue::compress, SystemdValue::size, SystemdValue::seconds,
                            SystemdValue::count, SystemdValue::word, SystemdValue::level}) {
      (void)systemd_value(kind, assignment.value);
    }
  }
  (void)systemd_value(SystemdValue::size, text);
  (void)systemd_value(SystemdValue::seconds, text);
}
