// sysctl.d files, and keys that are looked up in them.
#include "engine/formats/sysctl_d.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  for (const auto& line : parse_sysctl_d(text)) require(line.line > 0);
  SysctlSettings settings;
  settings.add(0, "/etc/sysctl.d/a.conf", text);
  (void)settings.of("net/ipv4/ip_forward");
  (void)sysctl_key(text);
  (void)sysctl_value(text);
  (void)single_spaced(text);
}
