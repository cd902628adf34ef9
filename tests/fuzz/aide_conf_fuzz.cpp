// aide.conf; every file that it includes holds the same text.
#include "engine/formats/aide_conf.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  AideFiles files;
  files.read = [&](const std::string&) { return plimsoll::Result<std::string>(std::string(text)); };
  files.list = [](const std::string&) {
    return plimsoll::Result<std::vector<AideFragment>>({{"a", false}, {"b", true}});
  };
  if (const auto conf = parse_aide_conf("/etc/aide.conf", files)) (void)deciding_aide_rule(*conf, "/usr/sbin/auditctl");
}
