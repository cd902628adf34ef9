// The configuration of chronyd with all the files that it includes, read once per run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/record.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

struct ChronySource {
  std::string kind;     ///< "server", "pool", "peer", "refclock"
  std::string address;  ///< name or address; of a reference clock its driver
  std::string options;
  std::string source;    ///< "/etc/chrony/chrony.conf:11"
  bool dynamic = false;  ///< from a file below /run, which something like a DHCP client writes
};

struct ChronyConfig {
  std::string path;     ///< of the main file
  bool exists = false;  ///< the main file is there
  std::vector<ChronySource> sources;
  std::optional<std::string> user;  ///< whom an option or a directive names; else the build decides
  std::string user_source;
  std::vector<Overridden> other_users;
  std::optional<Error> error;  ///< some of it could not be read
};
[[nodiscard]] const ChronyConfig& chrony_config(const sources::Sources& sources);

}  // namespace plimsoll::probes
